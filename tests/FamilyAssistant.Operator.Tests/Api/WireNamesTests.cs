using System.Reflection;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

/// <summary>What has left the process once stays: a changed name orphans what an earlier version wrote.</summary>
public sealed class WireNamesTests
{
    private static readonly string[] Types =
        ["AppHealthy", "DatabaseReady", "Ready", "Reconciling", "SecretsValid", "Stalled", "StorageReady", "TelegramExclusive", "WorkloadAvailable"];

    [Fact]
    public void Names_of_the_group_labels_and_annotations_are_pinned() =>
        Constants(typeof(WireNames)).ShouldBe(
        [
            "AdoptAnnotation=family-assistant.io/adopt",
            "ApiVersion=family-assistant.io/v1alpha1",
            "AppLabel=app",
            "AppliedAnnotation=family-assistant.io/applied",
            "ClaimLabel=family-assistant.io/claim",
            "ClaimOfBot=telegram-bot",
            "ComponentLabel=app.kubernetes.io/component",
            "ConfigHashAnnotation=family-assistant.io/config-hash",
            "ControllerName=family-assistant.io/operator",
            "DebugEndedAnnotation=family-assistant.io/debug-ended",
            "FieldManager=family-assistant-operator",
            "Group=family-assistant.io",
            "InstanceFinalizer=family-assistant.io/instance",
            "InstanceLabel=family-assistant.io/instance",
            "ManagedByLabel=app.kubernetes.io/managed-by",
            "ManagedByValue=family-assistant-operator",
            "OperationAnnotation=family-assistant.io/operation",
            "PausedAnnotation=family-assistant.io/paused",
            "PushKeysAnnotation=family-assistant.io/push-keys",
            "RotatedByAnnotation=family-assistant.io/rotated-by",
            "StatusFieldManager=family-assistant-operator-status",
            "Version=v1alpha1",
        ]);

    [Fact]
    public void Types_of_conditions_are_pinned() =>
        Constants(typeof(ConditionTypes)).ShouldBe(Types.Select(n => $"{n}={n}"));

    [Fact]
    public void Names_of_owned_objects_are_pinned() =>
        typeof(ObjectNames).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(m => $"{m.Name}={m.Invoke(null, ["x"])}").Order(StringComparer.Ordinal).ShouldBe(
            [
                "BotClaim=telegram-bot-x",
                "DataClaim=x-data",
                "DatabaseSecret=x-database",
                "GeneratedSecret=x-generated",
                "ManagedDatabase=x-postgres",
                "ManagedDatabaseClaim=x-postgres-data",
                "ManagedDatabaseSecret=x-postgres",
                "NetworkPolicy=x",
                "TelegramSecret=x-telegram",
                "WebIngress=x-web",
                "WebTlsSecret=x-web-tls",
                "WebhooksIngress=x-webhooks",
                "Workload=x",
            ]);

    [Fact]
    public void The_kinds_and_their_plurals_are_pinned()
    {
        (FamilyAssistantInstance.KindName, FamilyAssistantInstance.Plural).ShouldBe(("FamilyAssistantInstance", "familyassistantinstances"));
        (FamilyAssistantOperation.KindName, FamilyAssistantOperation.Plural).ShouldBe(("FamilyAssistantOperation", "familyassistantoperations"));
    }

    [Fact]
    public void Members_of_an_operation_are_pinned()
    {
        Members(typeof(OperationSpec)).ShouldBe(["action", "dryRun", "instanceRef"]);
        Members(typeof(OperationStatus)).ShouldBe(
            ["after", "before", "conditions", "finishedAt", "instanceUid", "message", "observedGeneration", "phase", "reason", "requestedBy", "stage", "startedAt"]);
    }

    private static IEnumerable<string> Members(Type type) => type.GetProperties().Select(member => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral)
            .Select(f => $"{f.Name}={f.GetRawConstantValue()}").Order(StringComparer.Ordinal);
}
