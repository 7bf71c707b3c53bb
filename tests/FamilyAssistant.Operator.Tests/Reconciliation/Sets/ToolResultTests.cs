using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Sets;

public sealed class ToolResultTests
{
    private const string Manifest =
        """
        {"schemaVersion":1,"setId":"20261126t020000z-3f2a9c1b","instance":{"namespace":"home","name":"family","uid":"u"},"createdAt":"2026-11-26T02:00:00Z","include":["Database","Secrets"],
        "fingerprintKey":"00","keys":[{"name":"VAPID_PRIVATE_KEY","fingerprint":"11"}],"parts":[{"name":"Database","file":"database.dump","sizeBytes":5000000000,"sha256":"ab"}],
        "database":{"serverVersion":"17.6","serverMajor":17,"clientVersion":"17.6","vectorVersion":"0.8.0","revision":"abc123","tables":3,"rows":4},"finishedAt":"2026-11-26T02:01:00Z","seconds":60}
        """;

    [Fact]
    public void A_manifest_and_a_test_restore_are_read()
    {
        var result = ToolResult.Parse($$"""{"outcome":"Succeeded","manifest":{{Manifest}},"verified":{"rows":4,"tables":3,"restoreSeconds":2},"seconds":61}""")!;

        result.Outcome.ShouldBe(ToolOutcome.Succeeded);
        result.Manifest!.Include.ShouldBe([BackupPart.Database, BackupPart.Secrets]);
        result.Manifest.Parts!.ShouldHaveSingleItem().ShouldBe(new SetPart(BackupPart.Database, "database.dump", 5_000_000_000, "ab"));
        result.Manifest.Database!.Revision.ShouldBe("abc123");
        result.Verified.ShouldBe(new ToolVerified(4, 3, 2));
        result.Seconds.ShouldBe(61);
    }

    [Theory]
    [InlineData("""{"outcome":"Succeeded","mode":"Swap","rows":1,"tables":1,"seconds":0}""")]
    [InlineData("""{"outcome":"Succeeded","putBack":"NeedsSet","seconds":0}""")]
    [InlineData("""{"outcome":"Succeeded","deleted":true,"seconds":0}""")]
    [InlineData("""{"outcome":"Succeeded","seconds":0}""")]
    [InlineData("""{"outcome":"Failed","reason":"DiskFull","message":"Enlarge it.","seconds":0}""")]
    public void What_scripts_write_is_a_result(string message) => ToolResult.Parse(message).ShouldNotBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("null")]
    [InlineData("OOMKilled")]
    [InlineData("""{"outcome":"Succeeded","seconds":0""")]
    [InlineData("""{"outcome":"Succeeded","seconds":0}{}""")]
    [InlineData("""{"outcome":"Perhaps"}""")]
    [InlineData("""{"seconds":1}""")]
    [InlineData("""{"outcome":"Succeeded","surprise":1}""")]
    [InlineData("""{"outcome":"Succeeded","verified":{"rows":1}}""")]
    [InlineData("""{"outcome":"Failed"}""")]
    [InlineData("""{"outcome":"Failed","reason":"DiskFull"}""")]
    [InlineData("""{"outcome":"Failed","reason":"NobodyKnows","message":"m"}""")]
    [InlineData("""[{"outcome":"Succeeded"}]""")]
    public void Anything_else_is_none(string? message) => ToolResult.Parse(message).ShouldBeNull();

    [Fact]
    public void A_message_that_is_too_long_is_none()
    {
        string Of(int length) => $$"""{"outcome":"Failed","reason":"DiskFull","message":"{{new string('m', length)}}"}""";
        var frame = Of(0).Length;

        ToolResult.Parse(Of(ToolResult.MaxBytes - frame)).ShouldNotBeNull();
        ToolResult.Parse(Of(ToolResult.MaxBytes - frame + 1)).ShouldBeNull();
        ToolResult.Parse(Of(0).Replace("\"\"", $"\"{new string('ä', (ToolResult.MaxBytes - frame) / 2 + 1)}\"", StringComparison.Ordinal)).ShouldBeNull();
    }

    [Fact]
    public void The_operators_half_of_a_manifest_has_no_member_of_the_scripts_half()
    {
        var half = new SetManifest
        {
            SchemaVersion = SetManifest.CurrentSchemaVersion, SetId = "20261126t020000z-3f2a9c1b", Instance = new SetInstance("home", "family", "u"), CreatedAt = "2026-11-26T02:00:00Z",
            Include = [BackupPart.Files], FingerprintKey = "00", Keys = [],
        };

        System.Text.Encoding.UTF8.GetString(SetJson.Serialise(half)).ShouldBe(
            """{"schemaVersion":1,"setId":"20261126t020000z-3f2a9c1b","instance":{"namespace":"home","name":"family","uid":"u"},"createdAt":"2026-11-26T02:00:00Z","include":["Files"],"fingerprintKey":"00","keys":[]}""");
    }
}
