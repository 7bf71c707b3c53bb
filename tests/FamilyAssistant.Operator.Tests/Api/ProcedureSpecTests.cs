using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

/// <summary>Bounds of what is asked for once, and of the policy that asks again and again: each bad value is blamed on its field, here and, from the same schema, by the API server.</summary>
public sealed class ProcedureSpecTests
{
    private const string Backup = """{"instanceRef": {"name": "fa"}, "include": ["Database"], "verify": "Read", "deletionPolicy": "Retain", "deadline": "3h"}""";
    private const string Volume = """{"claimName": "sets", "setId": "20261126t020000z-3f2a9c1b", "instanceName": "fa"}""";
    private const string Restore = $$"""{"instanceRef": {"name": "fa"}, "source": {"volume": {{Volume}}}, "parts": ["Database"], "passphraseSecretRef": {"name": "p", "key": "k"}, "deadline": "3h"}""";

    /// <summary>Field below <c>spec.backup</c>, and a value that it must not have.</summary>
    public static TheoryData<string, string> BadPolicies => new()
    {
        { "schedule", "\"* * * * * *\"" },
        { "schedule", "\"@every 1s\"" },
        { "schedule", "\"TZ=Europe/Berlin 0 2 * * *\"" },
        { "schedule", "\"\"" },
        { "schedule", "\"0 2 * *\"" },
        { "schedule", "\"0 2 * * *;touch /tmp/pwn\"" },
        { "schedule", "\"$(id) 2 * * *\"" },
        { "timeZone", "\"\"" },
        { "timeZone", "\"../../etc/passwd\"" },
        { "timeZone", "\"Europe/ Berlin\"" },
        { "retention.keepLast", "0" },
        { "retention.keepLast", "-1" },
        { "retention.keepLast", "1000000000" },
        { "retention.keepLast", "1.5" },
        { "retention.daily", "-1" },
        { "retention.weekly", "1001" },
        { "retention.monthly", "\"12\"" },
        { "retention.maxAge", "\"0d\"" },
        { "retention.maxAge", "\"10\"" },
        { "retention.maxAge", "\"-1d\"" },
        { "retention.maxAge", "\"1w\"" },
        { "retention.maxAge", "\"100000d\"" },
        { "include", "[]" },
        { "volume.size", "\"0\"" },
        { "volume.size", "\"-1Gi\"" },
        { "volume.size", "\"1Zi\"" },
        { "volume.size", "\"10\"" },
        { "volume.storageClassName", "\"a/b\"" },
        { "volume.existingClaim", "\"other/sets\"" },
        { "volume.existingClaim", "\"\"" },
        { "encryption.passphraseSecretRef.name", "\"other/backup\"" },
        { "encryption.passphraseSecretRef.name", "null" },
        { "encryption.passphraseSecretRef.key", "\"../x\"" },
        { "verification.schedule", "null" },
        { "verification.schedule", "\"@every 1h\"" },
        { "deadline", "\"0s\"" },
        { "deadline", "\"6\"" },
        { "deadline", "\"1.5h\"" },
        { "deadline", "\"100000d\"" },
        { "deadline", "6" },
    };

    /// <summary>Field of a backup, and a value that it must not have.</summary>
    public static TheoryData<string, string> BadBackups => new()
    {
        { "instanceRef", "null" },
        { "instanceRef.name", "\"other/fa\"" },
        { "instanceRef.name", "\"\"" },
        { "include", "[]" },
        { "verify", "\"Never\"" },
        { "deletionPolicy", "\"Recycle\"" },
        { "deadline", "\"0h\"" },
        { "deadline", "\"100000d\"" },
    };

    /// <summary>Field of a restore, and a value that it must not have.</summary>
    public static TheoryData<string, string> BadRestores => new()
    {
        { "instanceRef.name", "\"../x\"" },
        { "source", "null" },
        { "source.backupRef", """{"name": "other/night"}""" },
        { "source.volume.claimName", "\"../sets\"" },
        { "source.volume.claimName", "\"other/sets\"" },
        { "source.volume.instanceName", "\"../../etc\"" },
        { "source.volume.instanceName", "\"--option\"" },
        { "source.volume.setId", "\"../../../../../../../x/x/x\"" },
        { "source.volume.setId", "\"20261126t020000z-3f2a9c1\"" },
        { "source.volume.setId", "\"20261126T020000Z-3F2A9C1B\"" },
        { "source.volume.setId", "\"latest\"" },
        { "parts", "[]" },
        { "passphraseSecretRef.name", "\"kube-system/p\"" },
        { "replaceData", "\"yes\"" },
        { "dryRun", "1" },
        { "deadline", "\"1w\"" },
    };

    [Fact]
    public void The_good_ones_keep_every_bound()
    {
        SchemaRules.CheckBackupJson(JsonSerializer.SerializeToElement(Edited(Backup))).ShouldBeEmpty();
        SchemaRules.CheckRestoreJson(JsonSerializer.SerializeToElement(Edited(Restore))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(BadPolicies))]
    public void A_bad_policy_is_blamed_on_its_field(string field, string value) => Blames(SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json(("backup." + field, value)))), "backup." + field);

    [Theory]
    [InlineData("include", """["Database", "Everything"]""", "[1]")]
    [InlineData("include", """["Database", "Database"]""", "[1]")]
    [InlineData("encryption", "{}", ".passphraseSecretRef")]
    [InlineData("verification", "{}", ".schedule")]
    public void And_so_is_what_is_in_a_list_or_missing(string field, string value, string below) =>
        Blames(SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json(("backup." + field, value)))), "backup." + field + below);

    [Theory]
    [MemberData(nameof(BadBackups))]
    public void A_bad_backup_is_blamed_on_its_field(string field, string value) => Blames(SchemaRules.CheckBackupJson(JsonSerializer.SerializeToElement(Edited(Backup, (field, value)))), field);

    [Theory]
    [MemberData(nameof(BadRestores))]
    public void A_bad_restore_is_blamed_on_its_field(string field, string value)
    {
        var found = SchemaRules.CheckRestoreJson(JsonSerializer.SerializeToElement(Edited(Restore, (field, value)))).ShouldHaveSingleItem();
        found.FieldPath.ShouldStartWith("spec." + field);
    }

    [Fact]
    public void A_restore_names_one_set()
    {
        Check(("source", "{}")).ShouldHaveSingleItem().FieldPath.ShouldBe("spec.source");
        Check(("source.backupRef", """{"name": "night"}""")).ShouldHaveSingleItem().Message.ShouldContain("exactly one of backupRef and volume");
        Check().ShouldBeEmpty();
        Check(("source", """{"backupRef": {"name": "night"}}""")).ShouldBeEmpty();

        static IReadOnlyList<RuleViolation> Check(params (string Path, string Json)[] edits) => RestoreRules.Check(Edited(Restore, edits).Deserialize(ApiJsonContext.Default.RestoreSpec)!);
    }

    /// <summary>What a bound lets through can be added to a time and given to the control plane, which counts in nanoseconds.</summary>
    [Fact]
    public void The_longest_duration_is_one_that_can_be_reckoned_with()
    {
        var longest = Duration.Parse("99999d");
        var now = new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

        SchemaRules.CheckBackupJson(JsonSerializer.SerializeToElement(Edited(Backup, ("deadline", "\"99999d\"")))).ShouldBeEmpty();
        (now + longest > now && now - longest < now).ShouldBeTrue();
        longest.TotalSeconds.ShouldBeLessThan(long.MaxValue / 1e9);
    }

    private static JsonObject Edited(string spec, params (string Path, string Json)[] edits)
    {
        var edited = JsonNode.Parse(spec)!.AsObject();
        foreach (var (path, json) in edits)
        {
            Specs.Set(edited, path, JsonNode.Parse(json));
        }

        return edited;
    }

    private static void Blames(IReadOnlyList<RuleViolation> found, string field) => found.ShouldHaveSingleItem().FieldPath.ShouldBe("spec." + field);
}
