using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// Every operator of a restore dies behind its first write and never hears of it. So there is a crash behind each write that the restore needs, all in one restore, and what is looked at
/// is what counts at its end.
/// </summary>
public sealed class RestoreCrashTests(OwnNodeCluster own) : IClassFixture<OwnNodeCluster>
{
    /// <summary>More than there are.</summary>
    private const int MostWrites = 100;

    /// <summary>In all of them no pod of the application may be there.</summary>
    private static readonly string[] Still = ["SafetyBackup", "RestoringDatabase", "RestoringFiles", "Migrating", "ReplacingKeys"];

    private TestBed Bed => own.Bed;

    [Fact]
    public async Task Killed_behind_every_write_of_a_restore_the_operators_finish_it_once()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        RestoreScene scene;
        await using (var first = await own.StartOperatorAsync($"first-{ns}"))
        {
            Bed.Operator = first;
            scene = await RestoreScene.PrepareAsync(Bed, ns);
        }

        var from = Bed.Cluster.Audit.Position;
        var restore = await TestRestore.CreateAsync(scene.Instance, "back", RestoreScene.Good);

        var (status, kills) = await CrashAsync(ns, scene.Instance, restore);

        kills.ShouldBeGreaterThan(20, "turn, finalizer, stages, Jobs, hold, safety backup, end and tidying are writes of their own");
        (status.Phase, status.Reason).ShouldBe(("Completed", "Completed"), status.Message);
        status.Rows.ShouldBe(scene.Saved.Rows);
        scene.Saved.Differences(await scene.RowsAsync()).ShouldBeEmpty();
        var backups = await Bed.Objects.ListAsync(Kinds.Backup, ns.Name);
        backups.Where(backup => (string?)backup["metadata"]!["labels"]?[WireNames.BackupOriginLabel] == WireNames.BackupOfRestore)
            .ShouldHaveSingleItem()["metadata"]!["name"]!.GetValue<string>().ShouldBe(status.SafetyBackup);
        await ShouldHaveRunAsync(ns, from, ["inspect", "database", "files", "migrate", "compare", "clean-up"]);
    }

    [Fact]
    public async Task Killed_behind_every_write_of_the_way_back_the_operators_put_everything_back_once()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        RestoreScene scene;
        TestRestore restore;
        IDisposable held;
        long from;
        await using (var first = await own.StartOperatorAsync($"first-{ns}"))
        {
            Bed.Operator = first;
            scene = await RestoreScene.PrepareDoomedAsync(Bed, ns);
            from = Bed.Cluster.Audit.Position;
            held = scene.Hold("-migrate-1");
            restore = await TestRestore.CreateAsync(scene.Instance, "doomed", RestoreScene.Good);
            await scene.WaitForPodAsync("-migrate-1");
        }

        held.Dispose();
        var (status, kills) = await CrashAsync(ns, scene.Instance, restore);

        kills.ShouldBeGreaterThan(8, "stages, Jobs, start, end and tidying are writes of their own");
        (status.Phase, status.Reason).ShouldBe(("Failed", "MigrationFailed"), status.Message);
        await ShouldHaveRunAsync(ns, from, ["inspect", "database", "files", "migrate", "swap-back", "files-back"]);
        await using var last = await own.StartOperatorAsync($"last-{ns}");
        Bed.Operator = last;
        await scene.ShouldBeAsBeforeAsync();
    }

    private async Task ShouldHaveRunAsync(TestNamespace ns, long from, IEnumerable<string> tools)
    {
        var jobs = (await Bed.RequestsAsync(from, ns.Name)).Where(record => record is { Verb: "create", Resource: "jobs", Code: 201 }).Select(record => record.Name!).ToList();
        jobs.ShouldBeUnique();

        // Behind the kind and the beginning of the UID.
        jobs.Where(name => name.StartsWith("restore-", StringComparison.Ordinal)).Select(name => name.Split('-', 4)[^1]).ShouldBe(tools.Select(tool => $"{tool}-1"));
    }

    /// <summary>One operator after the other; returns what the restore came to, and how many died.</summary>
    private async Task<(RestoreStatus Status, int Kills)> CrashAsync(TestNamespace ns, TestInstance instance, TestRestore restore)
    {
        var done = EndAsync(instance, restore);
        for (var kills = 0; kills < MostWrites; kills++)
        {
            await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, ns.Name, 1);
            gate.Counts = path => !path.EndsWith($"/{instance.Name}/status", StringComparison.Ordinal) && !path.Contains("/events", StringComparison.Ordinal);
            await using var victim = await own.StartOperatorAsync($"victim-{ns}-{kills}", through: gate);
            Bed.Operator = victim;
            if (await Task.WhenAny(gate.Reached, done) == done)
            {
                return (await done, kills);
            }

            victim.Kill();
        }

        throw new InvalidOperationException($"still not done after {MostWrites} writes: {(await restore.FindAsync())?.Status}");
    }

    /// <summary>Looks at the pods until the restore has ended and is tidy.</summary>
    private static async Task<RestoreStatus> EndAsync(TestInstance instance, TestRestore restore)
    {
        var status = await Wait.ForAsync(
            async () =>
            {
                var before = (await restore.FindAsync())?.Status;
                var pods = await instance.PodsAsync();
                var after = (await restore.FindAsync())?.Status;

                // Stages only go on: between the two looks it was one of these all the time.
                if (Still.Contains(before?.Stage) && Still.Contains(after?.Stage) && after!.Phase == "Running")
                {
                    pods.ShouldBeEmpty($"a pod of the application in stage {after.Stage}");
                }

                return after is { Phase: "Completed" or "Failed" } ? after : null;
            },
            $"the end of restore {instance.Namespace}/{restore.Name}",
            TimeSpan.FromMinutes(12));
        await restore.WaitUntilTidyAsync();
        return status;
    }
}
