using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Writes that an everyday instance does not need, each with a right of its own.</summary>
public sealed class RareWritesTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task An_instance_with_an_account_of_its_user_s_gives_up_its_own_and_takes_it_up_again()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns);
        await Bed.Client.CoreV1.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "theirs" } }, ns.Name, cancellationToken: Cancellation);

        await instance.SetAsync("pod.serviceAccountName", "theirs");
        await instance.WaitForAsync(async () => await AccountAsync(instance) is null, "the end of the own account");
        (await Bed.Client.AppsV1.ReadNamespacedStatefulSetAsync(instance.Name, ns.Name, cancellationToken: Cancellation)).Spec.Template.Spec.ServiceAccountName.ShouldBe("theirs");

        await instance.SetAsync("pod.serviceAccountName", null);
        await instance.WaitForAsync(async () => await AccountAsync(instance) is not null, "the own account");
    }

    [Fact]
    public async Task What_is_said_again_counts_up_the_event_instead_of_making_another()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Bed.Objects.PatchAsync(ResourceTypes.Service, ns.Name, instance.Name, """{"spec":{"selector":{"app":"other"}}}""");
            await instance.WaitForAsync(
                async () => (await Bed.Client.CoreV1.ReadNamespacedServiceAsync(instance.Name, ns.Name, cancellationToken: Cancellation)).Spec.Selector["app"] == instance.Name, "the selector to be as before");
        }

        await instance.WaitForAsync(async () => (await RevertedAsync(instance)).Any(e => e.Series?.Count >= 2), "the second time");
        (await RevertedAsync(instance)).Count.ShouldBe(1);
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns)
    {
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        return instance;
    }

    private Task<System.Text.Json.Nodes.JsonObject?> AccountAsync(TestInstance instance) => Bed.Objects.FindAsync(ResourceTypes.ServiceAccount, instance.Namespace, instance.Name);

    private static async Task<IReadOnlyList<Eventsv1Event>> RevertedAsync(TestInstance instance) => [.. (await instance.EventsAsync()).Where(e => e.Reason == "DriftReverted")];
}
