using System.Reflection;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Restores;
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
        ["PausedUntilDeleted"] = "until-deleted",
        ["AdoptAnnotation"] = "family-assistant.io/adopt",
        ["OperationAnnotation"] = "family-assistant.io/operation",
        ["AppliedAnnotation"] = "family-assistant.io/applied",
        ["ConfigHashAnnotation"] = "family-assistant.io/config-hash",
        ["PushKeysAnnotation"] = "family-assistant.io/push-keys",
        ["RotatedByAnnotation"] = "family-assistant.io/rotated-by",
        ["DebugEndedAnnotation"] = "family-assistant.io/debug-ended",
        ["BackupFinalizer"] = "family-assistant.io/backup-files",
        ["BackupOriginLabel"] = "family-assistant.io/backup-origin",
        ["BackupOfSchedule"] = "schedule",
        ["BackupOfRestore"] = "restore",
        ["TickAnnotation"] = "family-assistant.io/tick",
        ["ExpiredAnnotation"] = "family-assistant.io/expired",
        ["FilesLeftAnnotation"] = "family-assistant.io/files-left",
        ["KeepAnnotation"] = "family-assistant.io/keep",
        ["RestoreAnnotation"] = "family-assistant.io/restore",
        ["RestoreFinalizer"] = "family-assistant.io/restore",
        ["ProcedureLabel"] = "family-assistant.io/procedure",
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
        ["Ready", "Reconciling", "Stalled", "SecretsValid", "StorageReady", "DatabaseReady", "TelegramExclusive", "WorkloadAvailable", "BackupsHealthy", "AppHealthy"], ignoreOrder: true);

    [Fact]
    public void Keys_of_the_generated_secret_are_pinned() => Constants(typeof(GeneratedKeys)).Values.ShouldBe(
        ["SESSION_SECRET_KEY", "VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY", "OPERATOR_HASH_KEY"], ignoreOrder: true);

    [Fact]
    public void Names_of_owned_objects_are_pinned() => typeof(ObjectNames).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.GetParameters().Length == 1)
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
            ["BackupClaim"] = "home-backups",
            ["WebIngress"] = "home-web",
            ["WebhooksIngress"] = "home-webhooks",
            ["WebTlsSecret"] = "home-web-tls",
            ["NetworkPolicy"] = "home",
        }, ignoreOrder: true);

    [Fact]
    public void Names_and_sets_of_procedures_are_pinned()
    {
        const string uid = "3f2a9c1b-7d40-4a5e-9d55-0123456789ab";

        ObjectNames.ScheduledBackup("home", new DateTimeOffset(2026, 11, 26, 13, 0, 0, TimeSpan.FromHours(11))).ShouldBe("home-20261126-0200");
        ObjectNames.BackupSet(new DateTime(2026, 11, 26, 2, 0, 5, DateTimeKind.Utc), uid).ShouldBe("20261126t020005z-3f2a9c1b");
        ObjectNames.ProcedureJob("restore", uid, "files").ShouldBe("restore-3f2a9c1b-7d40-files");
    }

    [Fact]
    public void The_kinds_and_their_plurals_are_pinned()
    {
        (FamilyAssistantInstance.KindName, FamilyAssistantInstance.Plural).ShouldBe(("FamilyAssistantInstance", "familyassistantinstances"));
        (FamilyAssistantBackup.KindName, FamilyAssistantBackup.Plural).ShouldBe(("FamilyAssistantBackup", "familyassistantbackups"));
        (FamilyAssistantRestore.KindName, FamilyAssistantRestore.Plural).ShouldBe(("FamilyAssistantRestore", "familyassistantrestores"));
        (FamilyAssistantOperation.KindName, FamilyAssistantOperation.Plural).ShouldBe(("FamilyAssistantOperation", "familyassistantoperations"));
    }

    [Fact]
    public void Members_of_procedures_are_pinned()
    {
        string[] common = ["after", "before", "conditions", "finishedAt", "instanceUid", "message", "observedGeneration", "phase", "reason", "requestedBy", "stage", "startedAt"];

        Members(typeof(OperationSpec)).ShouldBe(["action", "dryRun", "instanceRef"]);
        Members(typeof(OperationStatus)).ShouldBe(common);
        Members(typeof(BackupSpec)).ShouldBe(["deadline", "deletionPolicy", "include", "instanceRef", "verify"]);
        Members(typeof(BackupStatus)).Except(common).ShouldBe(
            ["attempts", "clientVersion", "durationSeconds", "image", "lastVerification", "location", "parts", "revision", "rows", "serverVersion", "setId", "sizeBytes", "tables", "vectorVersion", "verified"]);
        Members(typeof(RestoreSpec)).ShouldBe(["acceptKeyChange", "deadline", "dryRun", "instanceRef", "parts", "passphraseSecretRef", "replaceData", "source"]);
        Members(typeof(RestoreStatus)).Except(common).ShouldBe(["revision", "rows", "safetyBackup", "seconds", "set"]);
    }

    [Fact]
    public void The_longest_names_are_pinned()
    {
        ObjectNames.MaxInstanceNameLength.ShouldBe(40);
        ObjectNames.MaxProcedureNameLength.ShouldBe(63);
    }

    private static IEnumerable<string> Members(Type type) => type.GetProperties().Select(member => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(member.Name)).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field is { IsLiteral: true } && field.FieldType == typeof(string))
        .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);
}
