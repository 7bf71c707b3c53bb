using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Volumes as backups need them: read beside the application, full, and older than the cluster.</summary>
public sealed class SharedVolumeTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICoreV1Operations Core => fixture.Client.CoreV1;

    [Fact]
    public async Task A_second_pod_reads_a_volume_while_the_first_one_writes_and_cannot_write_itself()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await Core.CreateNamespacedPersistentVolumeClaimAsync(TestClaim.New("data"), ns.Name, cancellationToken: Cancellation);
        var writer = await NodePod.CreateAsync(fixture, ns, "writer", """
            restartPolicy: Never
            terminationGracePeriodSeconds: 1
            securityContext: {runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001}
            containers:
            - name: main
              image: tools:1
              args: [-c, "n=0; while :; do n=$((n+1)); echo $n > /mnt/data/file-$n; rm -f /mnt/data/file-$((n-5)); sleep 0.01; [ $n = 1 ] && echo writes; done"]
              volumeMounts: [{name: data, mountPath: /mnt/data}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
            """);
        await writer.UntilLoggedAsync("writes");

        Task<NodePod> Read(string name, string mount, string volume) => NodePod.CreateAsync(fixture, ns, name, $$$$"""
            restartPolicy: Never
            securityContext: {runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001}
            affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: writer}}}]}}
            containers:
            - name: main
              image: tools:1
              args: [-c, "ls /data | grep -c file >&2; ls /data | head -c 5; echo; touch /data/mine 2>/dev/null || echo read-only"]
              volumeMounts: [{name: data, mountPath: /data{{{{mount}}}}}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: data{{{{volume}}}}}}]
            """);
        var byMount = await Read("by-mount", ", readOnly: true", "");
        var byVolume = await Read("by-volume", "", ", readOnly: true");

        (await byMount.OutputAsync()).ShouldContain("read-only");
        (await byVolume.OutputAsync()).ShouldContain("read-only");
        (await writer.ReadAsync()).Status.Phase.ShouldBe("Running");
    }

    [Fact]
    public async Task A_limited_volume_can_be_full_and_grow()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the storage of an existing cluster is not ours to test");
        Assert.SkipUnless(fixture.Cluster.Node.CanLimitVolumes, "this process may not mount, so no volume has a limit");
        await using var ns = await fixture.CreateNamespaceAsync();
        var claim = TestClaim.New("small", StorageClasses.Limited);
        claim.Spec.Resources.Requests["storage"] = new ResourceQuantity("4Mi");
        await Core.CreateNamespacedPersistentVolumeClaimAsync(claim, ns.Name, cancellationToken: Cancellation);
        Task<NodePod> Run(string name, string script) => NodePod.CreateAsync(fixture, ns, name, $$$$"""
            restartPolicy: Never
            securityContext: {runAsUser: 1001, fsGroup: 1001}
            containers: [{name: main, image: tools:1, args: [-c, "{{{{script}}}}"], volumeMounts: [{name: data, mountPath: /data}]}]
            volumes: [{name: data, persistentVolumeClaim: {claimName: small}}]
            """);

        (await (await Run("fills", "head -c 6000000 /dev/zero 2>&1 > /data/file || echo full; stat -c %s /data/file | grep -c ....... ")).OutputAsync()).ShouldContain("full");

        await Core.PatchNamespacedPersistentVolumeClaimAsync(
            new V1Patch("""{"spec":{"resources":{"requests":{"storage":"16Mi"}}}}""", V1Patch.PatchType.MergePatch), "small", ns.Name, cancellationToken: Cancellation);
        await Wait.ForAsync(async () => (await Core.ReadNamespacedPersistentVolumeClaimAsync("small", ns.Name, cancellationToken: Cancellation)).Status.Capacity["storage"].ToString() == "16Mi", "the new size");
        (await (await Run("goes-on", "head -c 6000000 /dev/zero > /data/file && stat -c %s /data/file")).OutputAsync()).ShouldBe(["6000000"]);

        var folder = fixture.Cluster.Node.VolumeFolder(ns.Name, "small").ShouldNotBeNull();
        new FileInfo(Path.Combine(folder, "file")).Length.ShouldBe(6_000_000);
    }

    [Fact]
    public async Task A_folder_that_outlived_its_cluster_becomes_a_volume_and_outlives_its_claim()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the storage of an existing cluster is not ours to test");
        await using var ns = await fixture.CreateNamespaceAsync();
        var folder = Directory.CreateTempSubdirectory("adopted-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "file"), "from before\n", Cancellation);

            await fixture.Cluster.Node.AdoptVolumeAsync(ns.Name, "sets", folder.FullName, cancellation: Cancellation);

            var pod = await NodePod.CreateAsync(fixture, ns, "reader", """
                restartPolicy: Never
                containers: [{name: main, image: tools:1, args: [-c, "cat /sets/file"], volumeMounts: [{name: sets, mountPath: /sets}]}]
                volumes: [{name: sets, persistentVolumeClaim: {claimName: sets}}]
                """);
            (await pod.OutputAsync()).ShouldBe(["from before"]);
            fixture.Cluster.Node.VolumeFolder(ns.Name, "sets").ShouldBe(folder.FullName);
            await pod.DeleteAsync(0);
            await Core.DeleteNamespacedPersistentVolumeClaimAsync("sets", ns.Name, cancellationToken: Cancellation);
            await Wait.ForAsync(
                async () => (await Core.ListPersistentVolumeAsync(fieldSelector: $"metadata.name=adopted-{ns.Name}-sets", cancellationToken: Cancellation)).Items.Single().Status.Phase == "Released", "the release of the volume");
            File.Exists(Path.Combine(folder.FullName, "file")).ShouldBeTrue();
            await Core.DeletePersistentVolumeAsync($"adopted-{ns.Name}-sets", cancellationToken: Cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
