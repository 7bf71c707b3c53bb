using System.Text.RegularExpressions;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Types what docs/backup.md says below "Restore by hand".</summary>
[Collection(SetCollection.Name)]
public sealed partial class HandRestoreTests(SetTools tools)
{
    [Fact]
    public async Task The_commands_of_the_page_restore_a_set()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(BackupScriptTests.OddData);
        await world.MakeSetAsync();
        var set = await world.ChecksumsAsync();
        var blocks = Blocks();
        blocks.Length.ShouldBe(5);
        // As an administrator, and as an owner for whom one made the extension.
        var alone = await tools.CreateAsync(superuser: true, withVector: false);
        var prepared = await tools.CreateAsync(createdb: false);

        foreach (var sum in Sums().Matches(await TypeAsync(world, alone, blocks[0])).Select(match => match.Value).GroupBy(sum => sum))
        {
            sum.Count().ShouldBe(2);
        }

        await TypeAsync(world, alone, blocks[1]);
        await TypeAsync(world, prepared, blocks[2]);
        foreach (var target in (SetWorld[])[alone, prepared])
        {
            (await target.ChecksumsAsync()).Differences(set).ShouldBeEmpty();
        }

        Directory.Delete(Path.Combine(alone.Data, "documents"), recursive: true);
        await TypeAsync(world, alone, blocks[3]);
        ApplicationFiles.Differences(await ApplicationFiles.ReadAsync(world.Data, TestContext.Current.CancellationToken), await ApplicationFiles.ReadAsync(alone.Data, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await TypeAsync(world, alone, blocks[4].Replace("gpg --decrypt", $"gpg --batch --pinentry-mode loopback --passphrase-file '{world.Folder}/passphrase' --decrypt", StringComparison.Ordinal)))
            .ShouldContain("canary-of-a-secret");
    }

    private static async Task<string> TypeAsync(SetWorld source, SetWorld target, string block) => (await CommandRunner.CaptureAsync("bash", ["-euc", $"cd '{target.Folder}'\n{block}"], new Dictionary<string, string>(target.Environment)
    {
        ["SET"] = source.Set, ["DATA"] = target.Data,
    }, cancellation: TestContext.Current.CancellationToken)).OutputOrThrow(block);

    private static string[] Blocks()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "docs", "backup.md")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var page = File.ReadAllText(Path.Combine(folder, "docs", "backup.md"));
        return [.. ShellBlock().Matches(page[page.IndexOf("## Restore by hand", StringComparison.Ordinal)..].Split("\n## ")[0]).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Sums();
}
