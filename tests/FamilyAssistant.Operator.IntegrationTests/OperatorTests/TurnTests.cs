using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Backups of a schedule, backups that somebody asks for and restores, asked for at the same moment: one has its turn, the others wait for theirs, and none is lost or done twice.</summary>
public sealed class TurnTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly JsonObject DatabaseOnly = new() { ["include"] = new JsonArray("Database") };

    [Fact]
    public async Task A_tick_of_the_schedule_and_a_backup_by_hand_at_the_same_moment_make_two_sets_one_after_the_other()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, Scheduled(InstanceBuilder.External(database).With("backup.volume.existingClaim", TestBackup.Claim)));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 1, cancellation: Cancellation);

        var tick = TickAsync(instance, "@yearly", next => next.AddYears(-1));
        var hand = await TestBackup.CreateAsync(instance, "by-hand", DatabaseOnly);
        var scheduled = await tick;

        var one = await hand.WaitUntilCompletedAsync();
        var other = await scheduled.WaitUntilCompletedAsync();
        OneAfterTheOther(one, other);
        one.SetId.ShouldNotBe(other.SetId);
        one.Rows.ShouldBe(other.Rows);
        Sets(ns).ShouldBe([one.SetId!, other.SetId!], ignoreOrder: true);
        (await Bed.Objects.ListAsync(Kinds.Backup, ns.Name)).Select(backup => (string?)backup["metadata"]!["name"]).ShouldBe(["by-hand", scheduled.Name], ignoreOrder: true);
        var policy = (await instance.WaitForAsync(seen => seen.Status!.Backup?.Sets == 2, "both sets in the status")).Status!.Backup!;
        policy.Missed.ShouldBeNull();
        ObjectNames.ScheduledBackup(instance.Name, Time(policy.LastScheduled)).ShouldBe(scheduled.Name);
    }

    [Fact]
    public async Task Two_restores_at_once_put_one_set_after_the_other_into_the_instance()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns);
        await (await TestBackup.CreateAsync(scene.Instance, "later")).WaitUntilCompletedAsync();
        var later = await scene.RowsAsync();
        var parts = new JsonObject { ["parts"] = new JsonArray("Database") };

        var created = await Task.WhenAll(TestRestore.CreateAsync(scene.Instance, "one", RestoreScene.Good, parts), TestRestore.CreateAsync(scene.Instance, "other", "later", parts));

        var one = await created[0].WaitUntilCompletedAsync();
        var other = await created[1].WaitUntilCompletedAsync();
        OneAfterTheOther(one, other);
        (one.Rows, other.Rows).ShouldBe((scene.Saved.Rows, later.Rows));

        // What the second one replaced, and saved before, is what the first one had put there.
        var (first, last) = string.CompareOrdinal(one.StartedAt, other.StartedAt) < 0 ? (one, other) : (other, one);
        (await new TestBackup(scene.Instance, last.SafetyBackup!).FindAsync())!.Status!.Rows.ShouldBe(first.Rows);
        foreach (var restore in created)
        {
            await restore.WaitUntilTidyAsync();
        }

        await scene.ShouldRunAsync();
        (last == one ? scene.Saved : later).Differences(await scene.RowsAsync()).ShouldBeEmpty();
        (await Bed.Cluster.Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{scene.Database.Name}%'", cancellation: Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task A_restore_waits_for_a_scheduled_backup_that_runs_and_a_tick_waits_for_a_restore_that_runs()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns, build: Scheduled);
        using var making = scene.Hold("-make-1");
        var running = await TickAsync(scene.Instance, "@yearly", next => next.AddYears(-1));
        await scene.WaitForPodAsync("-make-1");

        var restore = await TestRestore.CreateAsync(scene.Instance, "back", RestoreScene.Good, new JsonObject { ["parts"] = new JsonArray("Database") });
        (await restore.WaitForAsync(status => status.Reason == "Queued", "its place in the queue")).Message!.ShouldContain(running.Name);
        (await scene.Instance.PodsAsync()).ShouldHaveSingleItem("nothing is stopped for a restore that waits");
        using var replacing = scene.Hold("-database-1");
        making.Dispose();
        var first = await running.WaitUntilCompletedAsync();

        await scene.WaitForPodAsync("-database-1");
        await scene.Instance.SetAsync("backup.schedule", "@monthly");
        var due = await TickAsync(scene.Instance, "@monthly", next => next.AddMonths(-1));
        (await due.WaitForAsync("Pending", "Queued")).Message!.ShouldContain("back");
        (await due.JobsAsync()).ShouldBeEmpty();
        replacing.Dispose();

        var status = await restore.WaitUntilCompletedAsync();
        var last = await due.WaitUntilCompletedAsync();
        OneAfterTheOther(first, status);
        OneAfterTheOther(status, last);
        (first.Rows, status.Rows, last.Rows).ShouldBe((scene.Before.Rows, scene.Saved.Rows, scene.Saved.Rows));
        (await scene.Instance.ReadAsync()).Status!.Backup!.Missed.ShouldBeNull();
    }

    private static InstanceBuilder Scheduled(InstanceBuilder builder) => builder.With("backup.schedule", "@yearly").With("backup.include", new JsonArray("Database", "Files"));

    /// <summary>Has the last tick of the schedule come just now, and returns its backup.</summary>
    private async Task<TestBackup> TickAsync(TestInstance instance, string schedule, Func<DateTimeOffset, DateTimeOffset> before)
    {
        var seen = await instance.WaitForAsync(now => now.Status!.Backup is { NextScheduled: not null, Schedule: { } text } && text.StartsWith(schedule, StringComparison.Ordinal), "the schedule to begin");
        var due = before(Time(seen.Status!.Backup!.NextScheduled));
        var last = Text(before(due));
        var backup = new TestBackup(instance, ObjectNames.ScheduledBackup(instance.Name, due));
        await instance.WaitForAsync(
            async () =>
            {
                if (await backup.FindAsync() is not null)
                {
                    return true;
                }

                // A pass that had begun before may write what it knew.
                if ((await instance.ReadAsync()).Status!.Backup!.LastScheduled != last)
                {
                    await Bed.Objects.PatchAsync(Kinds.Instance, instance.Namespace, instance.Name, $$$"""{"status": {"backup": {"scheduledSince": "{{{last}}}", "lastScheduled": "{{{last}}}"} } }""", "status");
                }

                return false;
            },
            $"backup {backup.Name} of the tick");
        return backup;
    }

    private static void OneAfterTheOther(ProcedureStatus one, ProcedureStatus other)
    {
        var (first, last) = string.CompareOrdinal(one.StartedAt, other.StartedAt) < 0 ? (one, other) : (other, one);
        string.CompareOrdinal(first.FinishedAt, last.StartedAt).ShouldBeLessThanOrEqualTo(0, $"{first.StartedAt} to {first.FinishedAt}, {last.StartedAt} to {last.FinishedAt}");
    }

    private IEnumerable<string> Sets(TestNamespace ns) => Directory.GetDirectories(Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull(), "home")).Select(folder => Path.GetFileName(folder)!);

    private static DateTimeOffset Time(string? text) => DateTimeOffset.Parse(text.ShouldNotBeNull(), CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
