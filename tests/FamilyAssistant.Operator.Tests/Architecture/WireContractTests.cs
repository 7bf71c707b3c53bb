using System.Reflection;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>
/// Names that other programs and earlier versions know. A change here orphans objects or breaks somebody's health check: it needs a
/// migration, not an edit of the expectation.
/// </summary>
public sealed class WireContractTests
{
    [Fact]
    public void Wire_names_are_pinned() => Constants(typeof(WireNames)).ShouldBe(new Dictionary<string, string>
    {
        ["Group"] = "family-assistant.io",
        ["Version"] = "v1alpha1",
        ["ApiVersion"] = "family-assistant.io/v1alpha1",
        ["FieldManager"] = "family-assistant-operator",
        ["StatusFieldManager"] = "family-assistant-operator-status",
        ["ControllerName"] = "family-assistant.io/operator",
        ["InstanceFinalizer"] = "family-assistant.io/instance",
        ["PausedAnnotation"] = "family-assistant.io/paused",
        ["AdoptAnnotation"] = "family-assistant.io/adopt",
        ["OperationAnnotation"] = "family-assistant.io/operation",
        ["AppliedAnnotation"] = "family-assistant.io/applied",
        ["ConfigHashAnnotation"] = "family-assistant.io/config-hash",
        ["PushKeysAnnotation"] = "family-assistant.io/push-keys",
        ["RotatedByAnnotation"] = "family-assistant.io/rotated-by",
        ["DebugEndedAnnotation"] = "family-assistant.io/debug-ended",
        ["ClaimLabel"] = "family-assistant.io/claim",
        ["ClaimOfBot"] = "telegram-bot",
        ["InstanceLabel"] = "family-assistant.io/instance",
        ["ComponentLabel"] = "app.kubernetes.io/component",
        ["ManagedByLabel"] = "app.kubernetes.io/managed-by",
        ["ManagedByValue"] = "family-assistant-operator",
        ["AppLabel"] = "app",
    }, ignoreOrder: true);

    [Fact]
    public void Condition_types_are_pinned() => Constants(typeof(ConditionTypes)).Values.ShouldBe(
        ["Ready", "Reconciling", "Stalled", "SecretsValid", "StorageReady", "DatabaseReady", "TelegramExclusive", "WorkloadAvailable", "AppHealthy"], ignoreOrder: true);

    [Fact]
    public void Keys_of_the_generated_secret_are_pinned() => Constants(typeof(GeneratedKeys)).Values.ShouldBe(
        ["SESSION_SECRET_KEY", "VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY", "OPERATOR_HASH_KEY"], ignoreOrder: true);

    [Fact]
    public void Names_of_owned_objects_are_pinned() => typeof(ObjectNames).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(method => method.Name, method => (string)method.Invoke(null, ["home"])!)
        .ShouldBe(new Dictionary<string, string>
        {
            ["Workload"] = "home",
            ["DataClaim"] = "home-data",
            ["GeneratedSecret"] = "home-generated",
            ["DatabaseSecret"] = "home-database",
            ["TelegramSecret"] = "home-telegram",
            ["BotClaim"] = "telegram-bot-home",
            ["ManagedDatabase"] = "home-postgres",
            ["ManagedDatabaseClaim"] = "home-postgres-data",
            ["ManagedDatabaseSecret"] = "home-postgres",
            ["WebIngress"] = "home-web",
            ["WebhooksIngress"] = "home-webhooks",
            ["WebTlsSecret"] = "home-web-tls",
            ["NetworkPolicy"] = "home",
        }, ignoreOrder: true);

    [Fact]
    public void The_longest_names_are_pinned()
    {
        ObjectNames.MaxInstanceNameLength.ShouldBe(40);
        ObjectNames.MaxProcedureNameLength.ShouldBe(63);
    }

    private static Dictionary<string, string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field is { IsLiteral: true } && field.FieldType == typeof(string))
        .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);
}
