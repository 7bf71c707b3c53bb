using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A namespace that is deleted with everything in it: nothing can be made there any more, so nothing that ends may need to make anything.</summary>
public sealed class NamespaceEndTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task Backups_and_restores_in_their_middle_hold_up_no_deleted_namespace()
    {
        RequirePods();
        RequireOwnCluster();
        Require(server => server.HasControllerManager, "the end of a namespace needs a kube-controller-manager");
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var home = await CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)));
        var away = await CreateAsync(ns, InstanceBuilder.Managed().Named("away").WithoutSecret(InstanceBuilder.KeysSecret));
        var whole = new JsonObject { ["include"] = new JsonArray("Database", "Files", "Configuration"), ["deletionPolicy"] = "Delete" };
        var set = await (await TestBackup.CreateAsync(home, "with-files-to-delete", whole)).WaitUntilCompletedAsync();

        // As a failed restore leaves the instance that it made.
        await Bed.Objects.CreateAsync(TestInstance.Type, ns.Name, InstanceBuilder.Nowhere().Named("not-made").Annotated(WireNames.PausedAnnotation, WireNames.PausedUntilDeleted).Manifest);

        // Each stands still in its middle until its Job is ended.
        string[] ends = ["-files-1", "-open-parts-1"];
        using var held = Bed.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == ns.Name && pod.Metadata.Labels is { } labels && labels.TryGetValue("job-name", out var job)
            && ((labels.TryGetValue(WireNames.ProcedureLabel, out var procedure) && procedure == "being-made") || ends.Any(end => job.EndsWith(end, StringComparison.Ordinal))));
        var backup = await TestBackup.CreateAsync(away, "being-made", whole);
        var restore = await TestRestore.CreateAsync(home, "half-done", "with-files-to-delete", new JsonObject { ["parts"] = new JsonArray("Files") });
        var made = await TestRestore.OfVolumeAsync(new TestInstance(Bed, ns.Name, "new"), "makes-one", TestBackup.Claim, set.SetId!, new JsonObject { ["parts"] = new JsonArray("Database", "Configuration") }, of: "home");
        await TestBackup.CreateAsync(new TestInstance(Bed, ns.Name, "nobody"), "waits");
        await home.WaitForAsync(async () => (await backup.PodsAsync()).Count > 0, "the backup in its middle");
        await restore.WaitForAsync(status => status.Stage == "RestoringFiles", "the restore in its middle");
        await made.WaitForAsync(status => status.Stage == "PuttingObjects", "the restore without an instance in its middle");

        await Bed.Client.CoreV1.DeleteNamespaceAsync(ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(async () => await ns.IsGoneAsync(), $"the end of namespace {ns}", TimeSpan.FromMinutes(5), home.DescribeAsync);
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns, InstanceBuilder builder)
    {
        var instance = await Bed.CreateAsync(ns, builder.With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        return instance;
    }
}
