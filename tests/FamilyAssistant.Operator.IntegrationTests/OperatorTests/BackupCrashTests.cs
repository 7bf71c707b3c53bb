using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The operator dies behind each write of a backup, one after the other, and never hears of that write. Its successor finishes it, and there is one set and one Job.</summary>
public sealed class BackupCrashTests(OwnNodeCluster own) : IClassFixture<OwnNodeCluster>
{
    /// <summary>More than there are; the run that needs no crash any more ends the loop.</summary>
    private const int MostWrites = 30;

    private TestBed Bed => own.Bed;

    [Fact]
    public async Task Killed_after_any_write_of_a_backup_the_operator_finishes_it_with_one_set_and_one_Job()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("backup.volume.existingClaim", TestBackup.Claim));
        await using (var first = await own.StartOperatorAsync($"first-{ns}"))
        {
            Bed.Operator = first;
            await instance.WaitUntilReadyAsync();
        }

        var sets = new List<string>();
        for (var last = 1; last <= MostWrites; last++)
        {
            var from = Bed.Cluster.Audit.Position;
            var backup = await TestBackup.CreateAsync(instance, $"crash-{last}", new JsonObject { ["include"] = new JsonArray("Database", "Configuration"), ["deletionPolicy"] = "Delete" });
            var crashed = await AfterAsync(ns, instance, backup, last);
            if (crashed)
            {
                await using var successor = await own.StartOperatorAsync($"after-backup-{last}");
                Bed.Operator = successor;
                await EndAsync(backup);
            }

            sets.Add((await backup.FindAsync())!.Status!.SetId!);
            var home = Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim)!, "home");
            Directory.GetDirectories(home).Select(folder => Path.GetFileName(folder)!).ShouldBe(sets, ignoreOrder: true, customMessage: $"a crash behind write {last}");
            (await Bed.RequestsAsync(from, ns.Name)).Count(record => record is { Verb: "create", Resource: "jobs", Code: 201 }).ShouldBe(1, $"a crash behind write {last}");
            if (!crashed)
            {
                last.ShouldBeGreaterThan(7, "turn, stage, finalizer, input, Job, end and tidying are writes of their own");
                return;
            }
        }

        Assert.Fail($"still not done after {MostWrites} writes");
    }

    private async Task<bool> AfterAsync(TestNamespace ns, TestInstance instance, TestBackup backup, int last)
    {
        await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, ns.Name, last);
        gate.Counts = path => !path.EndsWith($"/{instance.Name}/status", StringComparison.Ordinal) && !path.Contains("/events", StringComparison.Ordinal);
        await using var victim = await own.StartOperatorAsync($"victim-{backup.Name}", through: gate);
        Bed.Operator = victim;
        var done = EndAsync(backup);
        if (await Task.WhenAny(gate.Reached, done) == done)
        {
            await done;
            return false;
        }

        victim.Kill();
        _ = done.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return true;
    }

    private static async Task EndAsync(TestBackup backup)
    {
        await backup.WaitUntilCompletedAsync();
        await backup.WaitUntilTidyAsync();
    }
}
