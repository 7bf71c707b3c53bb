using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>Scripts that are killed at points all over their run, and run again: never half of something, and in the end what one run would have made.</summary>
[Collection(SetCollection.Name)]
public sealed class InterruptionTests(SetTools tools)
{
    private const int Kills = 8;
    private const string Next = "20261126t030000z-5e6f7a8b";

    [Fact]
    public async Task A_backup_that_is_killed_anywhere_makes_one_set_at_its_second_run()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(DisturbedRestore.New);
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
        var restore = await DisturbedRestore.CreateAsync(tools, swap);
        await SweepAsync(restore.World, ToolScripts.RestoreDatabase, DisturbedRestore.Decisive, restore.ShouldBecomeWholeAsync);
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
        await world.SqlAsync(DisturbedRestore.New);
        var backups = await Task.WhenAll(world.RunAsync(ToolScripts.Backup), world.RunAsync(ToolScripts.Backup));
        backups.ShouldAllBe(result => result.Outcome == ToolOutcome.Succeeded);
        backups[0].Manifest!.Parts.ShouldBe(backups[1].Manifest!.Parts);
        world.Sets.ShouldBe([SetWorld.SetId]);

        var set = await world.ChecksumsAsync();
        await world.SqlAsync(DisturbedRestore.Old);
        var restores = await Task.WhenAll(
            world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true")), world.RunAsync(ToolScripts.RestoreDatabase, (ToolEnvironment.ReplaceData, "true")));
        restores.ShouldAllBe(result => result.Outcome == ToolOutcome.Succeeded && result.Mode == ToolMode.Swap);
        (await world.ChecksumsAsync()).Differences(set).ShouldBeEmpty();
        (await world.DatabasesAsync()).ShouldBe($"{world.Name} {world.Name}_before_deadbeef");
        (await world.RunAsync(ToolScripts.CleanUp)).Outcome.ShouldBe(ToolOutcome.Succeeded);
        (await world.DatabasesAsync()).ShouldBe(world.Name);
    }

    [Fact]
    public async Task A_run_that_goes_on_although_its_backup_is_gone_keeps_its_folder_while_the_next_backup_begins()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(DisturbedRestore.New);
        var input = Directory.CreateDirectory(Path.Combine(world.Folder, "next")).FullName;
        foreach (var file in Directory.GetFiles(world.Input))
        {
            await File.WriteAllTextAsync(Path.Combine(input, Path.GetFileName(file)), (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(SetWorld.SetId, Next, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }

        await world.GiveAwayAsync();
        var stops = new Stops(world);
        stops.Choose("sync");
        await using var gone = world.Start(ToolScripts.Backup, stops.Variables);
        (await stops.HaltedAsync(gone)).ShouldBeTrue();

        (await world.RunAsync(ToolScripts.Backup, (ToolEnvironment.Set, Next), ("FA_INPUT", input))).Outcome.ShouldBe(ToolOutcome.Succeeded);
        stops.Go();

        (await gone.ResultAsync()).Outcome.ShouldBe(ToolOutcome.Succeeded, "a set has its name only when it is whole");
        world.Sets.ShouldBe([SetWorld.SetId, Next], ignoreOrder: true);
    }

    [Fact]
    public async Task A_script_that_is_ended_from_outside_leaves_no_result_and_no_partial_set()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync(DisturbedRestore.New);
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
        var restore = await DisturbedRestore.CreateAsync(tools, swap: false);
        var world = restore.World;
        var stops = new Stops(world);
        stops.Choose(committed ? "psql after COMMIT" : "psql COMMIT");
        await using var pod = world.Start(ToolScripts.RestoreDatabase, [.. stops.Variables, (ToolEnvironment.ReplaceData, "true")]);
        (await stops.HaltedAsync(pod)).ShouldBeTrue();
        if (committed)
        {
            await Wait.ForAsync(() => world.Server.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_class WHERE relname LIKE '{DisturbedRestore.Mark}%')", world.Name, TestContext.Current.CancellationToken), "the commit");
            stops.Cut();
        }
        else
        {
            await world.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{world.Name}'", cancellation: TestContext.Current.CancellationToken);
            stops.Go();
        }

        var result = await pod.ResultAsync();
        result.Outcome.ShouldBe(committed ? ToolOutcome.Succeeded : ToolOutcome.Failed, result.Message);
        (await (committed ? restore.FromSetAsync() : restore.FromBeforeAsync())).ShouldBeEmpty();
    }

    private static Task SweepAsync(SetWorld world, string script, string always, Func<Task> after) => new ScriptSweep(world, script, Kills, always).RunAsync((pod, _) => pod.KillAsync(), after);
}
