using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A restore, or its instance, that is deleted in whatever stage: nothing hangs, and the data is what it was before.</summary>
public sealed class RestoreDeletionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static JsonObject DatabaseOnly => new() { ["parts"] = new JsonArray("Database") };

    [Fact]
    public async Task Deleted_in_each_stage_it_leaves_the_instance_as_it_was()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns);

        using (scene.Hold("-make-1"))
        {
            var backup = await TestBackup.CreateAsync(scene.Instance, "first");
            await scene.WaitForPodAsync("-make-1");
            var queued = await TestRestore.CreateAsync(scene.Instance, "pending", RestoreScene.Good, DatabaseOnly);
            await queued.WaitForAsync(status => status.Reason == "Queued", "its place in the queue");
            await queued.DeleteAsync();
            await queued.WaitUntilGoneAsync();
            await backup.DeleteAsync();
        }

        await StageAsync("Validating", "-inspect-1");
        await StoppingAsync();
        await StageAsync("SafetyBackup", "-make-1");
        await StageAsync("RestoringDatabase", "-database-1");
        await StageAsync("Starting", "");
        await StageAsync("Checking", "-compare-1");
        await StageAsync("PuttingBack", "-swap-back-1", isDoomed: true);
        await StageAsync("StartingAgain", "", isDoomed: true);

        async Task StageAsync(string stage, string job, bool isDoomed = false)
        {
            const string Compare = "-compare-1";
            using var comparing = scene.Hold(isDoomed ? Compare : job);
            var restore = await TestRestore.CreateAsync(scene.Instance, stage.ToLowerInvariant(), RestoreScene.Good, DatabaseOnly);
            if (isDoomed)
            {
                await scene.WaitForPodAsync(Compare);
                await scene.Database.ScalarAsync<object>("DROP TABLE notes CASCADE");
            }

            using (scene.Hold(job))
            {
                comparing.Dispose();
                await restore.WaitForAsync(status => status.Stage == stage, $"the stage {stage}");
                await scene.WaitForPodAsync(job);
                await restore.DeleteAsync();
            }

            await restore.WaitUntilGoneAsync();
            await scene.Instance.WaitUntilReadyAsync();
            (await scene.ChangedRowsAsync()).ShouldBeEmpty($"deleted in {stage}");
        }

        // A pod that does not go.
        async Task StoppingAsync()
        {
            var pod = (await scene.Instance.PodsAsync()).ShouldHaveSingleItem().Metadata.Name;
            await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, pod, """{"metadata": {"finalizers": ["example.com/held"]} }""");
            var restore = await TestRestore.CreateAsync(scene.Instance, "stopping", RestoreScene.Good, DatabaseOnly);
            await restore.WaitForAsync(status => status.Stage == "Stopping", "the stage Stopping");
            await restore.DeleteAsync();
            await restore.WaitUntilGoneAsync();
            await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, pod, """{"metadata": {"finalizers": null} }""");
        }

        await scene.ShouldBeAsBeforeAsync();
        (await Bed.Objects.ListAsync(Kinds.Restore, ns.Name)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deleted_while_it_cleans_up_it_is_completed()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns);
        var restore = await TestRestore.CreateAsync(scene.Instance, "late", RestoreScene.Good, DatabaseOnly);
        using (scene.Hold("-clean-up-1"))
        {
            await scene.WaitForPodAsync("-clean-up-1");
            await restore.DeleteAsync();
        }

        await restore.WaitUntilGoneAsync();
        await scene.ShouldRunAsync();
        scene.Saved.Differences(await scene.RowsAsync()).ShouldBeEmpty();
        (await Bed.Cluster.Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{scene.Database.Name}%'", cancellation: Cancellation)).ShouldBe(1);
    }

    [Theory]
    [InlineData("SafetyBackup", "-make-1", true)]
    [InlineData("Migrating", "-migrate-1", false)]
    [InlineData("Checking", "-compare-1", true)]
    public async Task An_instance_that_is_deleted_in_the_middle_goes_with_its_data_as_it_was(string stage, string job, bool mayCreateDatabases)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns, mayCreateDatabases);
        var restore = await TestRestore.CreateAsync(scene.Instance, "caught", RestoreScene.Good);
        using (scene.Hold(job))
        {
            await restore.WaitForAsync(status => status.Stage == stage, $"the stage {stage}");
            await scene.WaitForPodAsync(job);
            await scene.Instance.DeleteAsync();
        }

        var status = await restore.WaitUntilEndedAsync();
        await scene.Instance.WaitUntilGoneAsync();

        (status.Phase, status.Reason).ShouldBe(("Failed", "InstanceTerminating"), status.Message);
        await Wait.ForAsync(async () => (await Bed.Objects.GetAsync(Kinds.Restore, ns.Name, restore.Name))["metadata"]!["finalizers"] is not JsonArray { Count: > 0 }, "the end of its finalizer");
        await scene.DataShouldBeAsBeforeAsync();
        await restore.DeleteAsync();
        await restore.WaitUntilGoneAsync();
    }
}
