using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A backup, or its instance, that is deleted in whatever phase: nothing goes on, nothing hangs, and of the files is there what the policy says.</summary>
public sealed class BackupDeletionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Dumping = "wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'";

    [Theory]
    [InlineData("Retain")]
    [InlineData("Delete")]
    public async Task Deleted_in_each_phase_it_is_gone_and_its_set_as_its_policy_says(string policy)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.CreateAsync(Bed, ns);
        await scene.SaveAsync();
        var sets = Sets(ns).ToList();

        // Running, with another one that is Pending behind it.
        await using (await scene.LockAsync())
        {
            var running = await CreateAsync("running", "Read");
            await scene.WaitForSessionAsync(Dumping, "pg_dump to wait for a table");
            var pending = await CreateAsync("pending", "Read");
            await pending.WaitForAsync("Pending", "Queued");
            await pending.DeleteAsync();
            await pending.WaitUntilGoneAsync();
            (await pending.JobsAsync()).ShouldBeEmpty();
            await GoneAsync(running);
        }

        // Failed.
        await using (await scene.LockAsync())
        {
            var failed = await CreateAsync("failed", "Read");
            await scene.WaitForSessionAsync(Dumping, "pg_dump to wait for a table");
            await scene.Database.ScalarAsync<object>($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{scene.Database.Name}' AND application_name = 'family-assistant-backup'");
            await failed.WaitForAsync("Failed", "DatabaseUnreachable");
            await GoneAsync(failed);
        }

        // Verifying: the set has its name by then.
        using (scene.Hold("-verify-1"))
        {
            var verifying = await CreateAsync("verifying", "Restore");
            await KeptAsync(await verifying.WaitForAsync("Verifying"), verifying);
        }

        var completed = await CreateAsync("completed", "Read");
        await KeptAsync(await completed.WaitUntilCompletedAsync(), completed);

        (await Bed.Objects.ListAsync(Kinds.Backup, ns.Name)).ShouldHaveSingleItem("the one that nobody deleted");
        await scene.ShouldRunAsync();

        Task<TestBackup> CreateAsync(string name, string verify) =>
            TestBackup.CreateAsync(scene.Instance, name, new JsonObject { ["include"] = new JsonArray("Database", "Configuration"), ["verify"] = verify, ["deletionPolicy"] = policy });

        async Task KeptAsync(Api.Backups.BackupStatus status, TestBackup backup)
        {
            Sets(ns).ShouldContain(status.SetId!);
            if (policy == "Retain")
            {
                sets.Add(status.SetId!);
            }

            await GoneAsync(backup);
        }

        async Task GoneAsync(TestBackup backup)
        {
            await backup.DeleteAsync();
            await backup.WaitUntilGoneAsync();
            await backup.WaitUntilTidyAsync();
            await scene.Instance.WaitForAsync(async () => (await backup.PodsAsync()).Count == 0, $"the end of the pods of backup {backup.Name}");
            Sets(ns).ShouldBe(sets, ignoreOrder: true, customMessage: $"after the deletion of {backup.Name}");
        }
    }

    [Fact]
    public async Task An_instance_that_is_deleted_while_its_set_is_verified_goes_and_the_set_stays()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.CreateAsync(Bed, ns, build: builder => builder.With("deletionPolicy", "Delete"));
        using var held = scene.Hold("-verify-1");
        var backup = await TestBackup.CreateAsync(scene.Instance, "last", new JsonObject { ["include"] = new JsonArray("Database"), ["verify"] = "Restore" });
        var verifying = await backup.WaitForAsync("Verifying");

        await scene.Instance.DeleteAsync();

        await scene.Instance.WaitUntilGoneAsync();
        await backup.WaitForAsync("Failed", "InstanceTerminating");
        await backup.WaitUntilTidyAsync();
        Sets(ns).ShouldBe([verifying.SetId!]);
        await backup.DeleteAsync();
        await backup.WaitUntilGoneAsync();
        Sets(ns).ShouldBe([verifying.SetId!]);
    }

    /// <summary>What is on the volume, also what has no name yet.</summary>
    private IEnumerable<string> Sets(TestNamespace ns) =>
        Directory.GetDirectories(Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull(), "home")).Select(folder => Path.GetFileName(folder)!);
}
