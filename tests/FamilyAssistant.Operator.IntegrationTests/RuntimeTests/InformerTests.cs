using System.Collections.Concurrent;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

public sealed class InformerTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Created_changed_and_deleted_objects_are_seen_and_an_own_write_is_no_second_change()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var changes = new ConcurrentQueue<string>();
        var before = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "before", ("a", "1")), force: true, Cancellation);
        // A small page, so that the list has several.
        var informer = parts.Informer(ResourceTypes.ConfigMap, ns.Name, options => options.PageSize = 1);
        informer.Subscribe(change => changes.Enqueue((change.Old is null ? "+" : change.New is null ? "-" : "~") + change.Object.Key.Name));
        await using var running = Running.Start(informer.RunAsync);
        await Wait.ForAsync(() => Task.FromResult(informer.IsSynced(ns.Name)), "the first list");
        informer.Cache.Get(before.Object.Key)!.Uid.ShouldBe(before.Object.Uid);

        var own = await parts.Api.ApplyAsync(Texts.ConfigMap(ns.Name, "own", ("a", "1")), force: true, Cancellation);
        informer.Cache.Remember(own.Object);
        (await fixture.Cluster.KubectlAsync("-n", ns.Name, "create", "configmap", "theirs", "--from-literal=a=1")).ExitCode.ShouldBe(0);
        (await fixture.Cluster.KubectlAsync("-n", ns.Name, "patch", "configmap", "theirs", "-p", """{"data":{"a":"2"}}""")).ExitCode.ShouldBe(0);
        (await fixture.Cluster.KubectlAsync("-n", ns.Name, "delete", "configmap", "before")).ExitCode.ShouldBe(0);

        await Wait.ForAsync(() => Task.FromResult(changes.Contains("-before")), "the deletion");
        changes.Where(change => change.EndsWith("theirs", StringComparison.Ordinal)).ShouldBe(["+theirs", "~theirs"]);
        changes.Where(change => change.EndsWith("own", StringComparison.Ordinal)).ShouldBe(["+own"]);
        Texts.Datum(informer.Cache.Get(new ObjectKey(ns.Name, "theirs")), "a").ShouldBe("2");
        informer.Cache.Get(before.Object.Key).ShouldBeNull();
    }

    [Fact]
    public async Task A_restart_of_the_API_server_loses_nothing()
    {
        fixture.Require(server => server.IsOwned, "the API server of an existing cluster is not ours to stop");
        await using var own = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Postgres = false, Telegram = false }, Cancellation);
        using var parts = new RuntimeParts(own.Access.KubeconfigFile);
        await parts.Api.ApplyAsync(Texts.ConfigMap("default", "before", ("a", "1")), force: true, Cancellation);
        var informer = parts.Informer(ResourceTypes.ConfigMap, "default");
        await using var running = Running.Start(informer.RunAsync);
        await Wait.ForAsync(() => Task.FromResult(informer.Cache.Get(new ObjectKey("default", "before")) is not null), "the first list");

        await own.StopApiServerAsync();
        informer.IsSynced("default").ShouldBeTrue("the last good state is kept through an outage");
        await own.StartApiServerAsync(Cancellation);
        await parts.Api.ApplyAsync(Texts.ConfigMap("default", "after", ("a", "1")), force: true, Cancellation);
        (await own.KubectlAsync("-n", "default", "delete", "configmap", "before")).ExitCode.ShouldBe(0);

        await Wait.ForAsync(
            () => Task.FromResult(informer.Cache.Get(new ObjectKey("default", "after")) is not null && informer.Cache.Get(new ObjectKey("default", "before")) is null),
            "the changes after the restart");
        informer.FaultOf("default").ShouldBeNull();
    }

    [Fact]
    public async Task What_may_not_be_listed_says_so_and_begins_when_it_may()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var user = $"informer-{ns.Name}";
        using var parts = new RuntimeParts(await fixture.Cluster.CreateUserKubeconfigAsync(user));
        var informer = parts.Informer(ResourceTypes.ConfigMap, ns.Name);
        await using var running = Running.Start(informer.RunAsync);

        await Wait.ForAsync(() => Task.FromResult(informer.FaultOf(ns.Name)?.IsRefused == true), "the refusal");
        informer.FaultOf(ns.Name)!.Message.ShouldContain("forbidden");
        informer.FaultOf(ns.Name)!.Message.ShouldContain(user);

        (await fixture.Cluster.KubectlAsync("-n", ns.Name, "create", "rolebinding", "reader", "--clusterrole=view", $"--user={user}")).ExitCode.ShouldBe(0);
        await Wait.ForAsync(() => Task.FromResult(informer.IsSynced(ns.Name)), "the list that is allowed now");
    }
}
