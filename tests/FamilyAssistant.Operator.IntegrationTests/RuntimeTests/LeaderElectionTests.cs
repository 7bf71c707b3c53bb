using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.Runtime.Leadership;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

public sealed class LeaderElectionTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_of_two_leads_and_hands_over_when_it_stops()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var options = Options(ns.Name);
        var one = parts.Elector(options with { Identity = "one" });
        var two = parts.Elector(options with { Identity = "two" });
        await one.AcquireAsync(Cancellation);
        await using var holding = Running.Start(one.HoldAsync);
        var waiting = two.AcquireAsync(Cancellation);

        await RenewedTimesAsync(ns.Name, 2);
        waiting.IsCompleted.ShouldBeFalse();
        (await LeaseAsync(ns.Name)).Spec.HolderIdentity.ShouldBe("one");

        await holding.StopAsync();
        await one.ReleaseAsync(Cancellation);
        await waiting;
        var lease = await LeaseAsync(ns.Name);
        lease.Spec.HolderIdentity.ShouldBe("two");
        lease.Spec.LeaseTransitions.ShouldBe(1);
    }

    [Fact]
    public async Task A_Lease_with_an_empty_spec_is_taken_over()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await fixture.Client.CoordinationV1.CreateNamespacedLeaseAsync(new V1Lease { Metadata = new V1ObjectMeta { Name = "leader" } }, ns.Name, cancellationToken: Cancellation);
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);

        await parts.Elector(Options(ns.Name)).AcquireAsync(Cancellation);

        (await LeaseAsync(ns.Name)).Spec.HolderIdentity.ShouldBe("me");
    }

    [Fact]
    public async Task A_deleted_Lease_is_made_again_by_its_holder()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var elector = parts.Elector(Options(ns.Name));
        await elector.AcquireAsync(Cancellation);
        await using var holding = Running.Start(elector.HoldAsync);
        await fixture.Client.CoordinationV1.DeleteNamespacedLeaseAsync("leader", ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(
            async () => (await fixture.Client.CoordinationV1.ListNamespacedLeaseAsync(ns.Name, cancellationToken: Cancellation)).Items.Any(lease => lease.Spec.HolderIdentity == "me"),
            "the Lease to be there again");
        holding.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task An_outage_shorter_than_the_deadline_is_survived_and_a_longer_one_is_not()
    {
        fixture.Require(server => server.IsOwned, "the API server of an existing cluster is not ours to stop");
        await using var own = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Postgres = false, Telegram = false }, Cancellation);
        using var parts = new RuntimeParts(own.Access.KubeconfigFile);
        // Longer than any restart on a busy machine.
        var patient = parts.Elector(Options("default") with { LeaseName = "patient", LeaseDuration = TimeSpan.FromMinutes(10), RenewDeadline = TimeSpan.FromMinutes(8) });
        var hasty = parts.Elector(Options("default") with { LeaseName = "hasty", LeaseDuration = TimeSpan.FromSeconds(3), RenewDeadline = TimeSpan.FromSeconds(2), RetryPeriod = TimeSpan.FromMilliseconds(500) });
        await patient.AcquireAsync(Cancellation);
        await using var holding = Running.Start(patient.HoldAsync);
        await hasty.AcquireAsync(Cancellation);
        var lost = hasty.HoldAsync(Cancellation);

        await own.StopApiServerAsync();
        await Should.ThrowAsync<LeadershipLostException>(lost);
        await own.StartApiServerAsync(Cancellation);

        using var client = own.CreateClient();
        var version = (await client.CoordinationV1.ReadNamespacedLeaseAsync("patient", "default", cancellationToken: Cancellation)).Metadata.ResourceVersion;
        await Wait.ForAsync(
            async () => (await client.CoordinationV1.ReadNamespacedLeaseAsync("patient", "default", cancellationToken: Cancellation)).Metadata.ResourceVersion != version,
            "a renewal after the outage");
        holding.Task.IsCompleted.ShouldBeFalse();
    }

    private static LeaderOptions Options(string @namespace) => new()
    {
        Namespace = @namespace,
        LeaseName = "leader",
        Identity = "me",
        LeaseDuration = TimeSpan.FromMinutes(2),
        RenewDeadline = TimeSpan.FromMinutes(1),
        RetryPeriod = TimeSpan.FromMilliseconds(300),
    };

    private Task<V1Lease> LeaseAsync(string @namespace) => fixture.Client.CoordinationV1.ReadNamespacedLeaseAsync("leader", @namespace, cancellationToken: Cancellation);

    private async Task RenewedTimesAsync(string @namespace, int times)
    {
        var versions = new HashSet<string>();
        await Wait.ForAsync(
            async () => versions.Add((await LeaseAsync(@namespace)).Metadata.ResourceVersion) && versions.Count > times,
            $"{times} renewals");
    }
}
