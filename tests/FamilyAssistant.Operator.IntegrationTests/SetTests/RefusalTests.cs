using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Sets and databases that a restore must not touch.</summary>
[Collection(SetCollection.Name)]
public sealed class RefusalTests(SetTools tools)
{
    [Fact]
    public async Task Damaged_foreign_and_unknown_sets_are_refused_with_the_database_as_it_was()
    {
        var world = await tools.CreateAsync(superuser: true);
        await world.SqlAsync(BackupScriptTests.OddData);
        await world.MakeSetAsync();
        await world.SqlAsync("INSERT INTO notes (content) VALUES ('written since')");
        var before = await world.ChecksumsAsync();
        var manifest = Path.Combine(world.Set, "manifest.json");
        var dump = Path.Combine(world.Set, "database.dump");
        (string Path, Func<byte[], byte[]> Damage, string Reason)[] cases =
        [
            (dump, bytes => bytes[..^1], ToolReasons.ChecksumMismatch),
            (dump, bytes => [], ToolReasons.ChecksumMismatch),
            (dump, bytes => Flipped(bytes, bytes.Length / 2), ToolReasons.ChecksumMismatch),
            (dump, bytes => [.. bytes, 0], ToolReasons.ChecksumMismatch),
            (manifest, bytes => bytes[..(bytes.Length / 2)], ToolReasons.ManifestInvalid),
            (manifest, bytes => [], ToolReasons.ManifestInvalid),
            (manifest, bytes => Replaced(bytes, "\"schemaVersion\":1", "\"schemaVersion\":2"), ToolReasons.ManifestInvalid),
            (manifest, bytes => Replaced(bytes, SetWorld.SetId, "20250101t000000z-00000000"), ToolReasons.ForeignSet),
            (manifest, bytes => Replaced(bytes, "\"name\":\"family\"", "\"name\":\"others\""), ToolReasons.ForeignSet),
            (manifest, bytes => Replaced(bytes, "\"rows\":3000", "\"rows\":3001"), ToolReasons.ManifestInvalid),
        ];
        foreach (var (path, damage, reason) in cases)
        {
            var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(path, damage(whole), TestContext.Current.CancellationToken);
            (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(reason);
            await RefusedAsync($"{Path.GetFileName(path)} damaged for {reason}");
            await File.WriteAllBytesAsync(path, whole, TestContext.Current.CancellationToken);
        }

        // Whole, and with other rows than were counted: seen only after everything has been restored.
        var counted = await File.ReadAllBytesAsync(manifest, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(manifest, Replaced(Replaced(counted, "\"rows\":3000", "\"rows\":3001"), "\"rows\":3006", "\"rows\":3007"), TestContext.Current.CancellationToken);
        await RefusedAsync("other rows", ToolReasons.RowsDiffer);
        await File.WriteAllBytesAsync(manifest, counted, TestContext.Current.CancellationToken);

        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.Set, "20250101t000000z-00000000"))).Reason.ShouldBe(ToolReasons.SetNotFound);
        var wrong = Path.Combine(world.Folder, "wrong");
        await File.WriteAllTextAsync(wrong, "another one\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(wrong, (UnixFileMode)0b110_100_100);
        (await world.RunAsync(ToolScripts.Inspect, ("FA_PASSPHRASE_FILE", wrong), (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(ToolReasons.WrongPassphrase);
        await File.WriteAllBytesAsync(manifest, Replaced(await File.ReadAllBytesAsync(manifest, TestContext.Current.CancellationToken), "\"serverMajor\":", "\"serverMajor\":9"), TestContext.Current.CancellationToken);
        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(ToolReasons.VersionTooNew);

        async Task RefusedAsync(string what, string? reason = null)
        {
            foreach (var mode in (string[])["Auto", "Transaction"])
            {
                var result = await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, mode));
                var how = $"{what}, mode {mode}, ended with {result.Outcome} {result.Reason}";
                result.Outcome.ShouldBe(ToolOutcome.Failed, how);
                result.Reason.ShouldBe(reason ?? result.Reason, how);
                (await world.ChecksumsAsync()).Differences(before).ShouldBeEmpty(how);
                (await world.DatabasesAsync()).ShouldBe(world.Name, how);
            }
        }
    }

    /// <summary>On an empty cluster nobody knows yet of which version the server will be; its own tools read the dump before anything goes into it.</summary>
    [Fact]
    public async Task A_dump_that_only_newer_tools_read_is_refused_by_whoever_has_a_database_for_it()
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        var dump = Path.Combine(world.Set, "database.dump");
        var bytes = await File.ReadAllBytesAsync(dump, TestContext.Current.CancellationToken);
        System.Text.Encoding.ASCII.GetString(bytes, 0, 5).ShouldBe("PGDMP");
        bytes[6] = 99;
        await File.WriteAllBytesAsync(dump, bytes, TestContext.Current.CancellationToken);
        await world.SignAsync("Database", "database.dump");

        var inspected = await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.Host, ""));
        inspected.Outcome.ShouldBe(ToolOutcome.Succeeded, inspected.Message);
        inspected.Manifest.ShouldNotBeNull().SetId.ShouldBe(SetWorld.SetId);
        (await world.RunAsync(ToolScripts.Inspect)).Reason.ShouldBe(ToolReasons.VersionTooNew);
        (await world.RunAsync(ToolScripts.Verify, (ToolEnvironment.Host, ""))).Reason.ShouldBe(ToolReasons.VersionTooNew);
        await File.WriteAllBytesAsync(dump, bytes[..^1], TestContext.Current.CancellationToken);
        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.Host, ""))).Reason.ShouldBe(ToolReasons.ChecksumMismatch);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("Transaction")]
    public async Task A_database_with_rows_is_not_replaced_unless_said(string mode)
    {
        var world = await tools.CreateAsync(superuser: mode == "Auto");
        await world.SqlAsync(BackupScriptTests.OddData);
        await world.MakeSetAsync();
        var before = await world.ChecksumsAsync();

        (await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.Mode, mode))).Reason.ShouldBe(ToolReasons.DatabaseHasData);
        (await world.RunAsync(ToolScripts.Inspect)).Reason.ShouldBe(ToolReasons.DatabaseHasData);
        (await world.ChecksumsAsync()).Differences(before).ShouldBeEmpty();
        (await world.DatabasesAsync()).ShouldBe(world.Name);
    }

    [Fact]
    public async Task A_role_that_may_not_create_the_extension_gets_a_remedy_and_an_untouched_database()
    {
        var source = await tools.CreateAsync();
        await source.SqlAsync(BackupScriptTests.OddData);
        await source.MakeSetAsync();
        var target = await tools.CreateAsync(withVector: false);
        await target.SqlAsync("CREATE TABLE mine (i int)");

        var result = await target.RunAsync(ToolScripts.RestoreDatabase, ("FA_SET_ROOT", source.SetRoot));
        result.Reason.ShouldBe(ToolReasons.NotPermitted);
        (await target.ChecksumsAsync()).Lines.Keys.ShouldContain("public.mine");
        (await target.DatabasesAsync()).ShouldBe(target.Name);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("Transaction")]
    public async Task What_was_refused_is_named_without_the_values_of_the_row(string mode)
    {
        var world = await tools.CreateAsync(superuser: mode == "Auto");
        await world.SqlAsync(BackupScriptTests.OddData);
        await world.SqlAsync("""
            CREATE FUNCTION agrees(text) RETURNS bool LANGUAGE sql AS 'SELECT true';
            CREATE TABLE checked (word text CONSTRAINT agreed CHECK (public.agrees(word)));
            INSERT INTO checked VALUES ('canary-of-a-row');
            CREATE OR REPLACE FUNCTION agrees(text) RETURNS bool LANGUAGE sql AS 'SELECT false';
            """);
        await world.MakeSetAsync();
        var before = await world.ChecksumsAsync();

        var result = await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, mode));

        result.Reason.ShouldBe(ToolReasons.RestoreFailed, result.Message);
        result.Message.ShouldNotBeNull().ShouldContain("Last said: ");
        result.Message.ShouldContain("violates check constraint");
        result.Message.ShouldNotContain("canary");
        (await world.ChecksumsAsync()).Differences(before).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_set_is_deleted_only_while_those_that_must_remain_are_there()
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        const string Kept = "20261125t020000z-00000000";

        (await world.RunAsync(ToolScripts.Delete, (ToolEnvironment.Keep, Kept))).Reason.ShouldBe(ToolReasons.KeptSetMissing);
        world.Sets.ShouldBe([SetWorld.SetId]);
        Directory.CreateDirectory(Path.Combine(world.Home, Kept));
        await File.WriteAllTextAsync(Path.Combine(world.Home, Kept, "manifest.json"), "{}", TestContext.Current.CancellationToken);
        (await world.RunAsync(ToolScripts.Delete, (ToolEnvironment.Keep, Kept))).Deleted.ShouldBe(true);
        (await world.RunAsync(ToolScripts.Delete, (ToolEnvironment.Keep, Kept))).Deleted.ShouldBe(false);
        world.Sets.ShouldBe([Kept]);
    }

    [Fact]
    public async Task Parts_are_opened_through_a_log_that_shows_none_of_them()
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        await using var pod = world.Start(ToolScripts.OpenParts, (ToolEnvironment.Parts, "Configuration Secrets"));
        var log = await pod.LogAsync();
        var key = await File.ReadAllTextAsync(Path.Combine(world.Input, ToolEnvironment.SealKeyFile), TestContext.Current.CancellationToken);

        log.ShouldNotContain("canary");
        System.Text.Encoding.UTF8.GetString(SealedParts.Open(log, BackupPart.Secrets, key)!).ShouldContain("canary-of-a-secret");
        SealedParts.Open(log, BackupPart.Configuration, key).ShouldBe(await File.ReadAllBytesAsync(Path.Combine(world.Input, ToolEnvironment.ConfigurationFile), TestContext.Current.CancellationToken));
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] other = [.. bytes];
        other[at] ^= 1;
        return other;
    }

    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        text.ShouldContain(from);
        return System.Text.Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }
}
