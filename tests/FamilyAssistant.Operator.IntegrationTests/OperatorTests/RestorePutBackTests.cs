using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Restores that fail or are ended after something was replaced: everything is as it was just before, and the instance runs on it.</summary>
public sealed class RestorePutBackTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_set_that_the_image_cannot_migrate_is_taken_out_again(bool mayCreateDatabases)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareDoomedAsync(Bed, ns, mayCreateDatabases);

        var restore = await TestRestore.CreateAsync(scene.Instance, "doomed", RestoreScene.Good);
        var status = await restore.WaitUntilEndedAsync();

        (status.Phase, status.Reason).ShouldBe(("Failed", "MigrationFailed"), status.Message);
        status.Before!["database.mode"].ShouldBe(mayCreateDatabases ? "Swap" : "Transaction");
        status.Before["failed.stage"].ShouldBe("Migrating");
        await restore.WaitUntilTidyAsync();
        await scene.ShouldBeAsBeforeAsync();
    }

    [Theory]
    [InlineData("RestoringFiles", "-files-1", true)]
    [InlineData("Migrating", "-migrate-1", false)]
    public async Task Deleted_in_its_middle_it_is_put_back_before_the_object_goes(string stage, string job, bool mayCreateDatabases)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var scene = await RestoreScene.PrepareAsync(Bed, ns, mayCreateDatabases);
        using var held = scene.Hold(job);
        var restore = await TestRestore.CreateAsync(scene.Instance, "unwanted", RestoreScene.Good);
        await restore.WaitForAsync(status => status.Stage == stage, $"the stage {stage}");
        await scene.WaitForPodAsync(job);
        (await scene.ChangedRowsAsync()).ShouldNotBeEmpty("by now the database is that of the set");

        await restore.DeleteAsync();
        await restore.WaitForAsync(status => status.Stage == "PuttingBack", "the way back");
        held.Dispose();

        await restore.WaitUntilGoneAsync();
        await scene.ShouldBeAsBeforeAsync();
    }
}
