using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An API server that does not answer, for a moment or for long, is no more than a delay: what changed meanwhile is done, and nothing is made twice.</summary>
public sealed class ApiOutageTests(OwnCluster own) : IClassFixture<OwnCluster>
{
    private TestBed Bed => own.Bed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_outage_shorter_than_the_deadline_of_the_Lease_costs_neither_the_leadership_nor_a_change()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, ns.Name);
        await using var survivor = await own.StartOperatorAsync("survivor", elects: true, through: gate);
        Bed.Operator = survivor;
        var instance = await CreateAsync(ns);
        await instance.WaitUntilReadyAsync();
        var lease = await LeaseAsync();

        await gate.CutAsync();
        await instance.WaitForAsync(async () => (await survivor.LogTailAsync()).Contains("The Lease could not be", StringComparison.Ordinal), "the operator to notice");
        await instance.SetAsync("timezone", "Australia/Sydney");
        await Bed.Objects.DeleteAsync(ResourceTypes.Service, ns.Name, instance.Name);
        gate.Mend();

        await instance.WaitForAsync(async () => await HasTimezoneAsync(instance) && await Bed.Objects.FindAsync(ResourceTypes.Service, ns.Name, instance.Name) is not null, "what changed meanwhile");
        await instance.WaitUntilReadyAsync();
        survivor.HasExited.ShouldBeFalse();
        (await LeaseAsync()).ShouldBe(lease);
        var made = await Bed.CreatesAsync(ns);
        made[$"services/{instance.Name}"].ShouldBe(2, "the second one is in place of the deleted one");
        made.Where(create => create.Key != $"services/{instance.Name}").ShouldAllBe(create => create.Value == 1);
    }

    [Fact]
    public async Task An_outage_longer_than_the_deadline_ends_the_operator_and_the_next_one_completes_its_work()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var first = await own.StartOperatorAsync("before-the-outage", elects: true);
        Bed.Operator = first;
        var instance = await CreateAsync(ns);
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Finalizers is { Count: > 0 }, "the first write");

        await Bed.Cluster.StopApiServerAsync();
        // A process that has lost the Lease must not go on beside another one.
        await Wait.ForAsync(() => Task.FromResult(first.HasExited), "the end of the operator", diagnose: () => first.LogTailAsync());
        (await first.LogTailAsync()).ShouldContain("Leadership of");
        await Bed.Cluster.StartApiServerAsync(Cancellation);

        await using var second = await own.StartOperatorAsync("after-the-outage", elects: true);
        Bed.Operator = second;
        await instance.WaitUntilReadyAsync();
        await instance.SetAsync("timezone", "Australia/Sydney");
        await instance.WaitForAsync(() => HasTimezoneAsync(instance), "a change after the outage");
        (await Bed.CreatesAsync(ns)).Values.ShouldAllBe(count => count == 1);
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns) => await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));

    private async Task<bool> HasTimezoneAsync(TestInstance instance) =>
        (await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, instance.Namespace, instance.Name)).ToJsonString().Contains("Australia/Sydney", StringComparison.Ordinal);

    private async Task<string> LeaseAsync()
    {
        var spec = (await Bed.Client.CoordinationV1.ReadNamespacedLeaseAsync(OperatorNames.Name, OperatorNames.Namespace, cancellationToken: Cancellation)).Spec;
        return $"{spec.HolderIdentity} after {spec.LeaseTransitions} transitions";
    }
}
