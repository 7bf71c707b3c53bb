using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.SetTests;

/// <summary>The server of the database crashes under a script: nothing is said to have succeeded that has not, and when it is back the database is as it was or as the set.</summary>
[Collection(SetCollection.Name)]
public sealed class ServerCrashTests(SetTools tools)
{
    [Fact]
    public async Task Under_pg_dump_there_is_no_set_and_the_next_run_makes_one()
    {
        var world = await tools.CreateAsync();
        await world.SqlAsync("SET synchronous_commit = on;" + BackupScriptTests.OddData);
        var before = await world.ChecksumsAsync();
        ToolResult result;
        await using (var guest = new NpgsqlConnection(tools.Postgres.ConnectionString(world.Name)))
        {
            // pg_dump has its snapshot and waits for this one table.
            await guest.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE", guest);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await using var pod = world.Start(ToolScripts.Backup);
            await Wait.ForAsync(
                () => tools.Postgres.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{world.Name}' AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%')", cancellation: TestContext.Current.CancellationToken),
                "pg_dump to wait for a table");

            await tools.Postgres.CrashAsync();

            result = await pod.ResultAsync();
        }

        (result.Outcome, result.Reason).ShouldBe((ToolOutcome.Failed, ToolReasons.DatabaseUnreachable), result.Message);
        world.Sets.ShouldBeEmpty();
        (await world.RunAsync(ToolScripts.Backup)).Reason.ShouldBe(ToolReasons.DatabaseUnreachable, "it is still down");
        await tools.Postgres.StartAgainAsync(TestContext.Current.CancellationToken);
        await world.MakeSetAsync();
        world.Sets.ShouldBe([SetWorld.SetId]);

        // A sequence may be a few ahead after a crash.
        (await world.ChecksumsAsync()).Differences(before).Where(line => !line.StartsWith("sequence ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Under_a_restore_it_is_told_and_the_second_run_is_whole(bool swap)
    {
        var restore = await DisturbedRestore.CreateAsync(tools, swap);
        var crashes = 0;
        await new ScriptSweep(restore.World, ToolScripts.RestoreDatabase, 3, $"pg_restore|{DisturbedRestore.Decisive}").RunAsync(CrashAsync, restore.ShouldBecomeWholeAsync);
        crashes.ShouldBeGreaterThan(4, "all over the script, and where something becomes so for good");

        // Back at once, or down until the script has ended; only who asks whether a COMMIT was done waits for the answer.
        async Task CrashAsync(ToolPod pod, Stops stops)
        {
            await tools.Postgres.CrashAsync();
            if (crashes++ % 2 == 0 || stops.Points[^1].Contains("COMMIT", StringComparison.Ordinal))
            {
                await tools.Postgres.StartAgainAsync(TestContext.Current.CancellationToken);
            }

            stops.Go();
            var result = await pod.ResultAsync();
            await tools.Postgres.StartAgainAsync(TestContext.Current.CancellationToken);
            if (result.Outcome == ToolOutcome.Succeeded)
            {
                (await restore.FromSetAsync()).ShouldBeEmpty();
            }
            else
            {
                result.Reason.ShouldBe(ToolReasons.DatabaseUnreachable, result.Message);
            }
        }
    }
}
