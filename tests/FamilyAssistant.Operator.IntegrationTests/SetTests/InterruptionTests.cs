using System.Text.RegularExpressions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Scripts that are killed at points all over their run, and run again: never half of something, and in the end what one run would have made.</summary>
[Collection(SetCollection.Name)]
public sealed class InterruptionTests(SetTools tools)
{
    private const string New = "CREATE TABLE alembic_version (version_num varchar(32)); CREATE TABLE notes (id int, t text, v vector(2)); INSERT INTO notes SELECT i, md5(i::text), '[1,2]' FROM generate_series(1, 2000) i; SELECT lo_from_bytea(7, 'x')";
    private const string Mark = "family_assistant_restored_";
    private const int Kills = 8;
    private const string Old = "TRUNCATE notes; INSERT INTO notes VALUES (0, 'old', '[0,0]'); CREATE TABLE extra (i int); SELECT lo_unlink(7)";

    [Fact]
    public async Task A_backup_that_is_killed_anywhere_makes_one_set_at_its_second_run()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(New);
        await SweepAsync(world, ToolScripts.Backup, "sync", async () =>
        {
            world.Sets.Where(set => set[0] != '.' && set != SetWorld.SetId).ShouldBeEmpty();
            (await world.RunAsync(ToolScripts.Backup)).Outcome.ShouldBe(ToolOutcome.Succeeded);
            world.Sets.ShouldBe([SetWorld.SetId]);
            Directory.Delete(world.Home, recursive: true);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restore_that_is_killed_anywhere_is_whole_after_its_second_run(bool swap)
    {
        var world = await tools.CreateAsync(superuser: swap, createdb: swap);
        await world.SqlAsync(New);
        await world.MakeSetAsync();
        var set = await world.ChecksumsAsync();
        await world.SqlAsync(Old);
        var before = await world.ChecksumsAsync();
        await SweepAsync(world, ToolScripts.RestoreDatabase, "psql (COMMIT|(ALTER|CREATE|DROP) DATABASE)", async () =>
        {
            var databases = (await world.DatabasesAsync()).Split(' ');
            var aside = $"{world.Name}_before_deadbeef";
            if (databases.Contains(world.Name) && Differences(await world.ChecksumsAsync(), before) is [_, ..] changed)
            {
                Differences(await world.ChecksumsAsync(), set).ShouldBeEmpty($"neither this nor what was before: {string.Join("; ", changed)}");
                databases.Contains(aside).ShouldBe(swap);
            }

            if (!databases.Contains(world.Name) || databases.Contains(aside))
            {
                (await world.ChecksumsAsync(aside)).Differences(before).ShouldBeEmpty();
            }

            var again = await world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true"));
            again.Mode.ShouldBe(swap ? ToolMode.Swap : ToolMode.Transaction, again.Message);
            Differences(await world.ChecksumsAsync(), set).ShouldBeEmpty();
            if (swap)
            {
                (await world.RunAsync(ToolScripts.SwapBack)).PutBack.ShouldBe(ToolPutBack.PutBack);
                (await world.ChecksumsAsync()).Differences(before).ShouldBeEmpty();
            }
            else
            {
                (await world.RunAsync(ToolScripts.SwapBack)).PutBack.ShouldBe(ToolPutBack.NeedsSet);
                (await world.RunAsync(ToolScripts.CleanUp)).Outcome.ShouldBe(ToolOutcome.Succeeded);
                await world.SqlAsync(Old);
            }

            (await world.DatabasesAsync()).ShouldBe(world.Name);
        });
    }

    [Fact]
    public async Task Files_that_are_restored_and_put_back_under_kills_are_whole()
    {
        var world = await tools.CreateAsync();
        await world.MakeSetAsync();
        Directory.Move(Path.Combine(world.Data, "documents"), Path.Combine(world.Data, "written since"));
        await SweepAsync(world, ToolScripts.RestoreFiles, "sync", async () =>
        {
            Directory.EnumerateFiles(world.Data, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).ShouldContain(file => Path.GetFileName(Path.GetDirectoryName(file)) == "written since");
            (await world.RunAsync(ToolScripts.RestoreFiles)).Outcome.ShouldBe(ToolOutcome.Succeeded);
            Names().ShouldBe([".before-deadbeef", "documents"]);
            (await world.RunAsync(ToolScripts.PutBackFiles)).Outcome.ShouldBe(ToolOutcome.Succeeded);
            Names().ShouldBe(["written since"]);
            Directory.GetFiles(Path.Combine(world.Data, "written since")).Length.ShouldBe(1);
        });

        string[] Names() => [.. Directory.EnumerateFileSystemEntries(world.Data).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Two_runs_at_once_make_one_set_and_one_restored_database()
    {
        var world = await tools.CreateAsync(superuser: true);
        await world.SqlAsync(New);
        var backups = await Task.WhenAll(world.RunAsync(ToolScripts.Backup), world.RunAsync(ToolScripts.Backup));
        backups.ShouldAllBe(result => result.Outcome == ToolOutcome.Succeeded);
        backups[0].Manifest!.Parts.ShouldBe(backups[1].Manifest!.Parts);
        world.Sets.ShouldBe([SetWorld.SetId]);

        var set = await world.ChecksumsAsync();
        await world.SqlAsync(Old);
        var restores = await Task.WhenAll(
            world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true")), world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true")));
        restores.ShouldAllBe(result => result.Outcome == ToolOutcome.Succeeded && result.Mode == ToolMode.Swap);
        (await world.ChecksumsAsync()).Differences(set).ShouldBeEmpty();
        (await world.DatabasesAsync()).ShouldBe($"{world.Name} {world.Name}_before_deadbeef");
        (await world.RunAsync(ToolScripts.CleanUp)).Outcome.ShouldBe(ToolOutcome.Succeeded);
        (await world.DatabasesAsync()).ShouldBe(world.Name);
    }

    [Fact]
    public async Task A_script_that_is_ended_from_outside_leaves_no_result_and_no_partial_set()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(New);
        var stops = new Stops(world);
        stops.Choose("tar");
        await using var pod = world.Start(ToolScripts.Backup, stops.Variables);
        (await stops.HaltedAsync(pod)).ShouldBeTrue();
        await pod.TerminateAsync();

        pod.Message.ShouldBeEmpty();
        world.Sets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_is_lost_at_the_commit_is_told_by_what_the_server_did(bool committed)
    {
        var world = await tools.CreateAsync(createdb: false);
        await world.SqlAsync(New);
        await world.MakeSetAsync();
        var set = await world.ChecksumsAsync();
        await world.SqlAsync(Old);
        var before = await world.ChecksumsAsync();
        var stops = new Stops(world);
        stops.Choose(committed ? "psql after COMMIT" : "psql COMMIT");
        await using var pod = world.Start(ToolScripts.RestoreDatabase, [.. stops.Variables, (ToolEnvironment.ReplaceData, "true")]);
        (await stops.HaltedAsync(pod)).ShouldBeTrue();
        if (committed)
        {
            await Wait.ForAsync(() => world.Server.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_class WHERE relname LIKE '{Mark}%')", world.Name, TestContext.Current.CancellationToken), "the commit");
            stops.Cut();
        }
        else
        {
            await world.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{world.Name}'", cancellation: TestContext.Current.CancellationToken);
            stops.Go();
        }

        var result = await pod.ResultAsync();
        result.Outcome.ShouldBe(committed ? ToolOutcome.Succeeded : ToolOutcome.Failed, result.Message);
        Differences(await world.ChecksumsAsync(), committed ? set : before).ShouldBeEmpty();
    }

    private static string[] Differences(DatabaseChecksums one, DatabaseChecksums other) => [.. one.Differences(other).Where(line => !line.Contains(Mark, StringComparison.Ordinal))];

    /// <summary>Kills runs at points that lie all over one that is not disturbed, the same ones every time, and at those that matter most.</summary>
    private static async Task SweepAsync(SetWorld world, string script, string always, Func<Task> after)
    {
        var stops = new Stops(world);
        var total = await RunAsync("", -1);
        total.Length.ShouldBeGreaterThan(Kills);
        var random = new Random(4);
        var spread = Enumerable.Range(0, Kills).Select(kill => (int)((kill + random.NextDouble()) * total.Length / Kills));
        foreach (var point in spread.Concat(Enumerable.Range(0, total.Length).Where(point => Regex.IsMatch(total[point], $"^{always}"))).Distinct().Order().ToArray())
        {
            await RunAsync($"{point}", point);
        }

        async Task<string[]> RunAsync(string choice, int point)
        {
            stops.Choose(choice);
            await using var pod = world.Start(script, [.. stops.Variables, (ToolEnvironment.ReplaceData, "true")]);
            var halted = await stops.HaltedAsync(pod);
            var points = stops.Points;
            await (halted ? pod.KillAsync() : pod.LogAsync());
            try
            {
                await after();
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"after a kill at point {point} ({points.ElementAtOrDefault(point)})", error);
            }

            return points;
        }
    }
}
