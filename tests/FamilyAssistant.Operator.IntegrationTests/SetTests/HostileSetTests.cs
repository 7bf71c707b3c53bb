using System.Formats.Tar;
using System.Text;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Sets that somebody with the volume made himself, with a manifest that agrees with them: a checksum proves nothing against him, so what is in a set must do no harm by its form.</summary>
[Collection(SetCollection.Name)]
public sealed class HostileSetTests(SetTools tools)
{
    public static TheoryData<string> Archives => [.. Hostile.Keys];

    private static Dictionary<string, TarEntry[]> Hostile => new()
    {
        ["a way up"] = [File("../escaped.txt"), File("../../escaped.txt"), File("documents/../../escaped.txt")],
        ["an absolute path"] = [File("/tmp/fa-escaped.txt")],
        ["a file through a link"] = [Link(TarEntryType.SymbolicLink, "way", ".."), File("way/escaped.txt")],
        ["a file through an absolute link"] = [Link(TarEntryType.SymbolicLink, "way", "OUTSIDE"), File("way/escaped.txt")],
        ["a file through two links"] = [Link(TarEntryType.SymbolicLink, "a", "."), Link(TarEntryType.SymbolicLink, "a/b", "../.."), File("b/escaped.txt")],
        ["another name for a file outside"] = [Link(TarEntryType.HardLink, "mine", "OUTSIDE/outside.txt"), File("mine")],
        ["a device"] = [new PaxTarEntry(TarEntryType.CharacterDevice, "mem") { DeviceMajor = 1, DeviceMinor = 1, Mode = (UnixFileMode)0b110_110_110 }],
        ["a pipe"] = [new PaxTarEntry(TarEntryType.Fifo, "pipe")],
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task Nothing_of_an_archive_leaves_the_data_volume(string what)
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        var outside = Directory.CreateDirectory(Path.Combine(world.Folder, "outside")).FullName;
        await System.IO.File.WriteAllTextAsync(Path.Combine(outside, "outside.txt"), "theirs", TestContext.Current.CancellationToken);
        await PackAsync(Path.Combine(world.Set, "files.tar"), Hostile[what], outside);
        await world.SignAsync("Files", "files.tar");
        var before = Outside(world);

        var result = await world.RunAsync(ToolScripts.RestoreFiles);

        Outside(world).ShouldBe(before, $"{result.Outcome} {result.Reason}");
        (await System.IO.File.ReadAllTextAsync(Path.Combine(outside, "outside.txt"), TestContext.Current.CancellationToken)).ShouldBe("theirs");
        System.IO.File.Exists("/tmp/fa-escaped.txt").ShouldBeFalse();
        Directory.EnumerateFileSystemEntries(world.Data, "*", SearchOption.AllDirectories).Where(entry => (System.IO.File.GetAttributes(entry) & FileAttributes.Device) != 0).ShouldBeEmpty();
        if (result.Outcome == ToolOutcome.Failed)
        {
            result.Reason.ShouldBe(ToolReasons.FilesCorrupt);
            Directory.EnumerateFiles(Path.Combine(world.Data, "documents")).ShouldHaveSingleItem("the files are as they were");
        }
    }

    [Theory]
    [InlineData("database.dump")]
    [InlineData("files.tar")]
    [InlineData("configuration.json")]
    [InlineData("secrets.json.gpg")]
    [InlineData("manifest.json")]
    public async Task A_link_in_the_place_of_a_file_is_refused(string file)
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        var elsewhere = Path.Combine(world.Folder, "elsewhere");
        System.IO.File.Move(Path.Combine(world.Set, file), elsewhere);
        System.IO.File.CreateSymbolicLink(Path.Combine(world.Set, file), elsewhere);

        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(ToolReasons.ManifestInvalid);
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_folder_is_refused()
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        var elsewhere = Path.Combine(world.Folder, "elsewhere");
        Directory.Move(world.Set, elsewhere);
        Directory.CreateSymbolicLink(world.Set, elsewhere);

        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(ToolReasons.ManifestInvalid);
    }

    /// <summary>Commands of psql in a dump of the plain kind, and in the names of objects, which the custom kind writes into comments.</summary>
    [Fact]
    public async Task A_dump_runs_no_command()
    {
        var world = await tools.CreateAsync();
        var canary = Path.Combine(world.Folder, "scratch", "canary");
        await world.SqlAsync($"""
            CREATE TABLE "x
            \! touch {canary}
            -- " (i int);
            INSERT INTO "x
            \! touch {canary}
            -- " VALUES (1);
            """);
        await world.MakeSetAsync();

        var custom = await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, "Transaction"));
        custom.Outcome.ShouldBe(ToolOutcome.Succeeded, custom.Message);
        custom.Rows.ShouldBe(1);
        System.IO.File.Exists(canary).ShouldBeFalse();

        await System.IO.File.WriteAllTextAsync(Path.Combine(world.Set, "database.dump"), $"\\! touch {canary}\nDROP TABLE IF EXISTS a;\n", TestContext.Current.CancellationToken);
        await world.SignAsync("Database", "database.dump");
        var before = await world.ChecksumsAsync();
        (await world.RunAsync(ToolScripts.Inspect, (ToolEnvironment.ReplaceData, "true"))).Reason.ShouldBe(ToolReasons.DumpCorrupt);
        foreach (var mode in (string[])["Auto", "Transaction"])
        {
            (await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"), (ToolEnvironment.Mode, mode), (ToolEnvironment.Uid8, "0badf00d"))).Outcome.ShouldBe(ToolOutcome.Failed);
            (await world.ChecksumsAsync()).Differences(before).ShouldBeEmpty(mode);
        }

        System.IO.File.Exists(canary).ShouldBeFalse();
    }

    private static PaxTarEntry File(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("hostile")), Mode = (UnixFileMode)0b110_100_100 };

    private static PaxTarEntry Link(TarEntryType type, string name, string target) => new(type, name) { LinkName = target };

    private static async Task PackAsync(string file, IEnumerable<TarEntry> entries, string outside)
    {
        await using var stream = System.IO.File.Create(file);
        await using var tar = new TarWriter(stream);
        foreach (var entry in entries)
        {
            if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = entry.LinkName.Replace("OUTSIDE", outside, StringComparison.Ordinal);
            }

            await tar.WriteEntryAsync(entry, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What is in the folder of the test and not on the volumes or in the results.</summary>
    private static string[] Outside(SetWorld world) =>
        [.. Directory.EnumerateFileSystemEntries(world.Folder, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(world.Folder, entry)).Where(entry => !entry.StartsWith("data/", StringComparison.Ordinal) && !entry.EndsWith(".result", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
