using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>One replica works, the other is warm.</summary>
[Collection(OwnClusterCollection.Name)]
public sealed class LeaderTests(OwnCluster own)
{
    private TestBed Bed => own.Bed;

    [Fact]
    public async Task When_the_leader_is_killed_the_other_replica_takes_over_and_works()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var first = await own.StartOperatorAsync("first", elects: true);
        Bed.Operator = first;
        await LeadsAsync("first");
        await using var second = await own.StartOperatorAsync("second", elects: true);
        (await HolderAsync()).ShouldBe("first");

        first.Kill();
        Bed.Operator = second;
        await LeadsAsync("second");

        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_leader_that_is_stopped_hands_over_at_once()
    {
        await using var first = await own.StartOperatorAsync("third", elects: true);
        await LeadsAsync("third");
        await using var second = await own.StartOperatorAsync("fourth", elects: true);
        Bed.Operator = second;

        await first.StopAsync();

        // Given back, not left to run out.
        (await HolderAsync()).ShouldNotBe("third");
        await LeadsAsync("fourth");
        first.HasExited.ShouldBeTrue();
    }

    private async Task<string?> HolderAsync() => (await Bed.Client.CoordinationV1.ReadNamespacedLeaseAsync(OperatorNames.Name, OperatorNames.Namespace)).Spec.HolderIdentity;

    private Task LeadsAsync(string identity) => Wait.ForAsync(
        async () => (await Bed.Client.CoordinationV1.ListNamespacedLeaseAsync(OperatorNames.Namespace)).Items.Any(lease => lease.Spec.HolderIdentity == identity),
        $"{identity} to lead",
        diagnose: () => Bed.LogTailAsync());
}
