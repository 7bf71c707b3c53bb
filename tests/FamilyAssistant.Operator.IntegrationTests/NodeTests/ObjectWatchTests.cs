using System.Collections.Concurrent;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>The node agent sees what happens, once and in order, over an outage as well.</summary>
public sealed class ObjectWatchTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_is_told_in_order_and_only_of_what_is_selected()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await CreateAsync(fixture.Client, ns.Name, "there", selected: true);
        await using var watch = new ObjectWatch<V1ConfigMap>(fixture.Client, $"api/v1/namespaces/{ns}/configmaps", labelSelector: "selected in (yes)");
        var told = Record(watch);
        watch.Start();
        await watch.SyncedAsync(Cancellation);
        watch.Items.Select(item => item.Metadata.Name).ShouldBe(["there"]);

        await CreateAsync(fixture.Client, ns.Name, "other", selected: false);
        await CreateAsync(fixture.Client, ns.Name, "new", selected: true);
        await fixture.Client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"a":"1"}}""", V1Patch.PatchType.MergePatch), "new", ns.Name, cancellationToken: Cancellation);
        await fixture.Client.CoreV1.DeleteNamespacedConfigMapAsync("there", ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(() => Task.FromResult(told.Count >= 4), "four changes");
        told.ShouldBe(["there", "new", "new a=1", "-there"]);
        watch.Find(ns.Name, "new").ShouldNotBeNull().Data["a"].ShouldBe("1");
        watch.Find(ns.Name, "there").ShouldBeNull();
    }

    [Fact]
    public async Task What_changed_while_nobody_could_watch_is_told_after_an_outage()
    {
        fixture.Require(server => server.IsOwned, "the API server of an existing cluster is not ours to stop");
        await using var cluster = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Postgres = false, Telegram = false }, Cancellation);
        using var client = cluster.CreateClient();
        await CreateAsync(client, "default", "before", selected: true);
        await using var watch = new ObjectWatch<V1ConfigMap>(client, "api/v1/namespaces/default/configmaps", fieldSelector: "metadata.name!=kube-root-ca.crt");
        var told = Record(watch);
        watch.Start();
        await watch.SyncedAsync(Cancellation);

        await cluster.RestartApiServerAsync(Cancellation);
        await CreateAsync(client, "default", "after", selected: true);

        await Wait.ForAsync(() => Task.FromResult(watch.Find("default", "after") is not null), "an object made after the outage");
        told.ShouldBe(["before", "after"]);
    }

    private static ConcurrentQueue<string> Record(ObjectWatch<V1ConfigMap> watch)
    {
        var told = new ConcurrentQueue<string>();
        watch.Changed += (item, deleted) => told.Enqueue((deleted ? "-" : "") + item.Metadata.Name + string.Concat((item.Data ?? new Dictionary<string, string>()).Select(entry => $" {entry.Key}={entry.Value}")));
        return told;
    }

    private static Task<V1ConfigMap> CreateAsync(IKubernetes client, string ns, string name, bool selected) => client.CoreV1.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["selected"] = selected ? "yes" : "no" } } },
        ns,
        cancellationToken: Cancellation);
}
