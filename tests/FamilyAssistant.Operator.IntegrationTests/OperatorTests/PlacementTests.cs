using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using k8s;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What no schema can know: a pod that no node takes says why, and goes on after the fix.</summary>
public sealed class PlacementTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_storage_class_that_does_not_exist_keeps_the_pod_waiting_until_somebody_makes_it()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var name = $"late-{ns.Name}";
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("storage.storageClassName", name));

        var seen = await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", PodReasons.Unschedulable);
        TestInstance.Of(seen, ConditionTypes.StorageReady)!.Message.ShouldContain($"storage class {name}");
        TestInstance.Of(seen, ConditionTypes.Ready)!.Status.ShouldBe("False");

        var standard = await Bed.Client.StorageV1.ReadStorageClassAsync("standard", cancellationToken: Cancellation);
        var late = new V1StorageClass { Metadata = new V1ObjectMeta { Name = name }, Provisioner = standard.Provisioner, VolumeBindingMode = "Immediate" };
        await Bed.Client.StorageV1.CreateStorageClassAsync(late, cancellationToken: Cancellation);
        try
        {
            await instance.WaitUntilReadyAsync();
        }
        finally
        {
            await Bed.Client.StorageV1.DeleteStorageClassAsync(name, cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_request_that_no_node_can_meet_is_named_and_a_smaller_one_starts_the_pod()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("pod.resources.requests.cpu", "100000"));

        var seen = await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", PodReasons.Unschedulable);
        TestInstance.Of(seen, ConditionTypes.Ready)!.Message.ShouldContain("Insufficient cpu");

        await instance.SetAsync("pod.resources.requests.cpu", "10m");
        await instance.WaitUntilReadyAsync();
    }
}
