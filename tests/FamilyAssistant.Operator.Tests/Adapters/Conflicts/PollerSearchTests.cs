using System.Net;
using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class PollerSearchTests
{
    private readonly InstanceWorld _world = new();

    [Fact]
    public async Task Nothing_that_looks_like_it_is_nowhere_in_the_cluster_or_in_what_is_watched()
    {
        Put("redis", "redis:7");
        (await FindAsync()).ShouldBe(new SuspectedPollers.None(WholeCluster: true));
        (await FindAsync("home", "other")).ShouldBe(new SuspectedPollers.None(WholeCluster: false));
        _world.Cluster.Requests.ShouldBe(["search Pod", "search Pod home", "search Pod other"]);
    }

    [Fact]
    public async Task A_pod_of_an_instance_is_ours_by_its_owner()
    {
        Run("fa", "fa-0");
        Run("fa-postgres", "fa-postgres-0", Components.Database);
        (await FindAsync()).ShouldBeOfType<SuspectedPollers.None>();
    }

    [Fact]
    public async Task Labels_alone_make_no_pod_ours()
    {
        Put("copy", "family-assistant", labels: Labels(Components.App));
        Put("copy-of-a-set", "family-assistant", labels: Labels(Components.App), owner: "uid-of-a-stranger");
        (await FoundAsync()).ShouldBe(["home/copy", "home/copy-of-a-set"]);
    }

    [Fact]
    public async Task A_pod_that_is_left_of_an_instance_that_is_gone_is_not_ours()
    {
        Run("fa", "fa-0");
        _world.Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));
        (await FoundAsync()).ShouldBe(["home/fa-0"]);
    }

    [Fact]
    public async Task A_label_says_nothing_where_something_surer_was_found()
    {
        Put("backup", "busybox", labels: """{"app": "family-assistant"}""");
        (await FoundAsync()).ShouldBe(["home/backup"]);
        Put("assistant", "family-assistant", @namespace: "elsewhere");
        Put("bot", "python:3", env: true);
        (await FoundAsync()).ShouldBe(["elsewhere/assistant", "home/bot"]);
    }

    [Fact]
    public async Task A_pod_that_cannot_be_read_does_not_end_the_search()
    {
        _world.Cluster.Put(ResourceTypes.Pod, """{"metadata": {"name": "odd", "namespace": "home"}, "spec": {"containers": "none"}, "status": {"phase": 5} }""");
        Put("assistant", "family-assistant");
        (await FoundAsync()).ShouldBe(["home/assistant"]);
    }

    [Fact]
    public async Task A_search_that_fails_knows_nothing_and_is_not_repeated_at_once()
    {
        _world.Cluster.Fail = _ => FakeCluster.Error(HttpStatusCode.Forbidden, "no");
        using var search = Search();
        (await search.FindAsync(TimeSpan.Zero, Ct)).ShouldBeOfType<SuspectedPollers.Unknown>();
        (await search.FindAsync(TimeSpan.Zero, Ct)).ShouldBeOfType<SuspectedPollers.Unknown>();
        _world.Cluster.Requests.Count.ShouldBe(1);
        _world.Cluster.Fail = _ => null;
        _world.Time.Advance(TimeSpan.FromSeconds(30));
        (await search.FindAsync(TimeSpan.Zero, Ct)).ShouldBeOfType<SuspectedPollers.None>();
    }

    [Fact]
    public async Task What_was_found_is_shared_for_as_long_as_the_asker_allows()
    {
        using var search = Search();
        await search.FindAsync(TimeSpan.Zero, Ct);
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        await search.FindAsync(TimeSpan.FromMinutes(3), Ct);
        _world.Cluster.Requests.Count.ShouldBe(1);
        await search.FindAsync(TimeSpan.Zero, Ct);
        _world.Cluster.Requests.Count.ShouldBe(2);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Labels(string component) => System.Text.Json.JsonSerializer.Serialize(Components.Labels(InstanceWorld.Name, component));

    private PollerSearch Search(params string[] namespaces) =>
        new(_world.Cluster, _world.Cluster, new MonitorOptions { WatchNamespaces = namespaces }, _world.Time, NullLogger<PollerSearch>.Instance);

    private async Task<SuspectedPollers> FindAsync(params string[] namespaces)
    {
        using var search = Search(namespaces);
        return await search.FindAsync(TimeSpan.Zero, Ct);
    }

    private async Task<IEnumerable<string>> FoundAsync() => (await FindAsync()).ShouldBeOfType<SuspectedPollers.Found>().Pods.Select(poller => $"{poller.Pod}");

    /// <summary>A StatefulSet of the instance and a pod of it.</summary>
    private void Run(string set, string pod, string component = Components.App)
    {
        var instance = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key(InstanceWorld.Name))!;
        var made = _world.Cluster.Put(ResourceTypes.StatefulSet, $$"""
            {"metadata": {"name": "{{set}}", "namespace": "home", "labels": {{Labels(component)}}, "ownerReferences": [{"kind": "{{instance.Type.Kind}}", "name": "fa", "uid": "{{instance.Uid}}", "controller": true}]} }
            """);
        Put(pod, "family-assistant", labels: Labels(component), owner: made.Uid, env: true);
    }

    private void Put(string name, string image, string @namespace = "home", string labels = "{}", string? owner = null, bool env = false) => _world.Cluster.Put(ResourceTypes.Pod, $$"""
        {
          "metadata": {"name": "{{name}}", "namespace": "{{@namespace}}", "labels": {{labels}},
            "ownerReferences": {{(owner is null ? "[]" : $$"""[{"kind": "StatefulSet", "name": "x", "uid": "{{owner}}", "controller": true}]""")}} },
          "spec": {"containers": [{"name": "c", "image": "{{image}}", "env": {{(env ? """[{"name": "TELEGRAM_BOT_TOKEN"}]""" : "[]")}} }]},
          "status": {"phase": "Running"}
        }
        """);
}
