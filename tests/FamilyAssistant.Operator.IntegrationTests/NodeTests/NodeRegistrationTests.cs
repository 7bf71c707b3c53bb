using System.Net;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>The cluster has a node, and the controllers believe in it.</summary>
public sealed class NodeRegistrationTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_node_is_Ready_and_free_of_taints()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the nodes of an existing cluster are not ours to test");

        var node = await Wait.ForAsync(async () => (await ReadAsync(fixture.Client)) is { Spec.Taints: null or { Count: 0 } } free ? free : null, "a node without taints");

        ConditionOf(node).ShouldBe("True");
        node.Metadata.Labels["kubernetes.io/os"].ShouldBe("linux");
        IPAddress.IsLoopback(IPAddress.Parse(node.Status.Addresses.Single(address => address.Type == "InternalIP").Address)).ShouldBeTrue();
        node.Status.NodeInfo.KubeletVersion.ShouldBe(fixture.Cluster.Capabilities.ServerVersion.Text);
    }

    [Fact]
    public async Task A_node_that_was_given_up_or_deleted_comes_back()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the nodes of an existing cluster are not ours to disturb");
        await using var cluster = await Cluster.StartAsync(new LocalClusterOptions { Postgres = false, Telegram = false }, Cancellation);
        using var client = cluster.CreateClient();
        var given = new { status = new { conditions = new[] { new { type = "Ready", status = "Unknown", reason = "NodeStatusUnknown" } } } };

        await client.CoreV1.PatchNodeStatusAsync(new V1Patch(given, V1Patch.PatchType.StrategicMergePatch), "local", cancellationToken: Cancellation);
        await Wait.ForAsync(async () => ConditionOf(await ReadAsync(client)) == "True", "a node that is Ready again");

        var before = await ReadAsync(client);
        await client.CoreV1.DeleteNodeAsync("local", cancellationToken: Cancellation);
        await Wait.ForAsync(
            async () => (await client.CoreV1.ListNodeAsync(cancellationToken: Cancellation)).Items.Any(node => node.Metadata.Uid != before.Metadata.Uid && ConditionOf(node) == "True"),
            "another node of the same name");
    }

    [Fact]
    public async Task The_heartbeat_goes_on_after_an_outage()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the API server of an existing cluster is not ours to stop");
        await using var cluster = await Cluster.StartAsync(new LocalClusterOptions { Postgres = false, Telegram = false }, Cancellation);
        using var client = cluster.CreateClient();
        await Wait.ForAsync(async () => await RenewedAsync(client) is not null, "a first renewal");

        await cluster.RestartApiServerAsync(Cancellation);
        var before = await RenewedAsync(client);

        await Wait.ForAsync(async () => await RenewedAsync(client) > before, "a renewal after the outage");
        ConditionOf(await ReadAsync(client)).ShouldBe("True");
    }

    [Fact]
    public async Task The_controllers_take_the_heartbeat_for_one()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the nodes of an existing cluster are not ours to test");
        var patience = TimeSpan.FromSeconds(40);

        // Had they not, they would have given the node up by then.
        await Wait.ForAsync(async () => await RenewedAsync(fixture.Client) > (await ReadAsync(fixture.Client)).Metadata.CreationTimestamp + 1.25 * patience, "a node older than the controllers' patience");

        var node = await ReadAsync(fixture.Client);
        var ready = node.Status.Conditions.Single(condition => condition.Type == "Ready");
        ready.Status.ShouldBe("True");
        ready.LastTransitionTime!.Value.ShouldBe(node.Metadata.CreationTimestamp!.Value, tolerance: patience / 2);
    }

    private static Task<V1Node> ReadAsync(IKubernetes client) => client.CoreV1.ReadNodeAsync("local", cancellationToken: Cancellation);

    private static async Task<DateTime?> RenewedAsync(IKubernetes client)
        => (await client.CoordinationV1.ListNamespacedLeaseAsync("kube-node-lease", cancellationToken: Cancellation)).Items.SingleOrDefault()?.Spec.RenewTime;

    private static string? ConditionOf(V1Node node) => node.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.Status;
}
