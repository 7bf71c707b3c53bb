using System.Net;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using Shouldly;
using Xunit;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Claims get volumes, grow and go as with a storage driver; the binding is the real volume controller's.</summary>
public sealed class VolumeTests(ClusterFixture fixture)
{
    private const string Why = "the storage of an existing cluster is not ours to test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICoreV1Operations Core => fixture.Client.CoreV1;

    [Fact]
    public async Task A_claim_of_the_default_class_gets_its_volume_with_its_first_pod()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, Why);
        await using var ns = await fixture.CreateNamespaceAsync();
        var claim = await Core.CreateNamespacedPersistentVolumeClaimAsync(TestClaim.New("data"), ns.Name, cancellationToken: Cancellation);
        claim.Spec.StorageClassName.ShouldBe(StorageClasses.Standard);
        await BoundAsync(ns, await CreateAsync(ns, "eager", StorageClasses.FixedSize));
        (await ReadAsync(ns, "data")).Status.Phase.ShouldBe("Pending");

        await Core.CreateNamespacedPodAsync(TestPod.New("user", claim: "data"), ns.Name, cancellationToken: Cancellation);

        var volume = await BoundAsync(ns, "data");
        volume.Spec.Capacity["storage"].ShouldBe(new ResourceQuantity("1Gi"));
        volume.Spec.AccessModes.ShouldBe(["ReadWriteOnce"]);
        Directory.Exists(volume.Spec.HostPath.Path).ShouldBeTrue();
    }

    [Fact]
    public async Task A_volume_goes_with_its_claim()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, Why);
        await using var ns = await fixture.CreateNamespaceAsync();
        var volume = await BoundAsync(ns, await CreateAsync(ns, "data", StorageClasses.FixedSize));
        await File.WriteAllTextAsync(Path.Combine(volume.Spec.HostPath.Path, "content"), "x", Cancellation);

        await Core.DeleteNamespacedPersistentVolumeClaimAsync("data", ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(async () => await FindVolumeAsync(volume.Metadata.Name) is null, "the end of the volume");
        Directory.Exists(volume.Spec.HostPath.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_retained_volume_outlives_its_claim_with_its_content()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, Why);
        await using var ns = await fixture.CreateNamespaceAsync();
        var volume = await BoundAsync(ns, await CreateAsync(ns, "data", StorageClasses.FixedSize));
        var file = Path.Combine(volume.Spec.HostPath.Path, "content");
        await File.WriteAllTextAsync(file, "x", Cancellation);
        var other = await BoundAsync(ns, await CreateAsync(ns, "other", StorageClasses.FixedSize));
        await Core.PatchPersistentVolumeAsync(
            new V1Patch("""{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}""", V1Patch.PatchType.MergePatch), volume.Metadata.Name, cancellationToken: Cancellation);

        await Core.DeleteNamespacedPersistentVolumeClaimAsync("data", ns.Name, cancellationToken: Cancellation);
        await Wait.ForAsync(async () => (await FindVolumeAsync(volume.Metadata.Name))?.Status.Phase == "Released", "the release of the volume");
        // Its turn would have come with that of the other one.
        await Core.DeleteNamespacedPersistentVolumeClaimAsync("other", ns.Name, cancellationToken: Cancellation);
        await Wait.ForAsync(async () => await FindVolumeAsync(other.Metadata.Name) is null, "the end of the other volume");

        (await FindVolumeAsync(volume.Metadata.Name)).ShouldNotBeNull();
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe("x");
        await Core.DeletePersistentVolumeAsync(volume.Metadata.Name, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_claim_grows_where_its_class_allows_it()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, Why);
        await using var ns = await fixture.CreateNamespaceAsync();
        await CreateAsync(ns, "data", StorageClasses.Standard);
        await CreateAsync(ns, "fixed", StorageClasses.FixedSize);
        await Core.CreateNamespacedPodAsync(TestPod.New("user", claim: "data"), ns.Name, cancellationToken: Cancellation);
        var volume = await BoundAsync(ns, "data");
        await BoundAsync(ns, "fixed");
        var larger = new V1Patch("""{"spec":{"resources":{"requests":{"storage":"3Gi"}}}}""", V1Patch.PatchType.MergePatch);

        await Core.PatchNamespacedPersistentVolumeClaimAsync(larger, "data", ns.Name, cancellationToken: Cancellation);
        var refused = await Should.ThrowAsync<HttpOperationException>(() => Core.PatchNamespacedPersistentVolumeClaimAsync(larger, "fixed", ns.Name, cancellationToken: Cancellation));

        refused.Response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await Wait.ForAsync(async () => (await ReadAsync(ns, "data")).Status.Capacity["storage"].ToString() == "3Gi", "the claim's new size");
        (await FindVolumeAsync(volume.Metadata.Name)).ShouldNotBeNull().Spec.Capacity["storage"].ToString().ShouldBe("3Gi");
        ((await ReadAsync(ns, "data")).Status.Conditions ?? []).ShouldBeEmpty();
    }

    private async Task<string> CreateAsync(TestNamespace ns, string name, string storageClass)
        => (await Core.CreateNamespacedPersistentVolumeClaimAsync(TestClaim.New(name, storageClass), ns.Name, cancellationToken: Cancellation)).Metadata.Name;

    private Task<V1PersistentVolumeClaim> ReadAsync(TestNamespace ns, string name) => Core.ReadNamespacedPersistentVolumeClaimAsync(name, ns.Name, cancellationToken: Cancellation);

    private async Task<V1PersistentVolume> BoundAsync(TestNamespace ns, string name)
    {
        var claim = await Wait.ForAsync(async () => await ReadAsync(ns, name) is { Status.Phase: "Bound" } bound ? bound : null, $"a volume for {name}");
        return (await FindVolumeAsync(claim.Spec.VolumeName)).ShouldNotBeNull();
    }

    private async Task<V1PersistentVolume?> FindVolumeAsync(string name)
        => (await Core.ListPersistentVolumeAsync(fieldSelector: $"metadata.name={name}", cancellationToken: Cancellation)).Items.SingleOrDefault();
}
