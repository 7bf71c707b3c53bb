using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers;

public sealed class FinalizationTests
{
    private static readonly ObjectKey Instance = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new();
    private readonly Finalization _finalization;

    public FinalizationTests() => _finalization = new Finalization(_world.Cluster, _world.TelegramStep(), new ProcedureLock(_world.Cluster, _world.Cluster, [new RestoresOnly()]), _world.Events);

    [Fact]
    public async Task The_finalizer_is_set_once_beside_those_of_others()
    {
        _world.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": ["example.com/theirs"]}}""");
        var written = await _finalization.EnsureFinalizerAsync(_world.Pass(), Cancel);
        written.ResourceVersion.ShouldBe(_world.Cluster.Look(Kinds.Instance, Instance)!.ResourceVersion);
        await _finalization.EnsureFinalizerAsync(_world.Pass(), Cancel);
        Finalizers().ShouldBe(["example.com/theirs", WireNames.InstanceFinalizer]);
        _world.Cluster.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_finalizer_is_not_set_over_somebody_elses_change()
    {
        _world.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": null}}""");
        var pass = _world.Pass();
        _world.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": ["example.com/theirs"]}}""");
        (await Should.ThrowAsync<ClusterApiException>(async () => await _finalization.EnsureFinalizerAsync(pass, Cancel))).Class.ShouldBe(ErrorClass.Conflict);
        Finalizers().ShouldBe(["example.com/theirs"]);
    }

    [Fact]
    public async Task Waits_for_the_pods_and_lets_the_instance_go_when_they_are_gone()
    {
        PutWorkload();
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain("fa-0");
        Exists(ResourceTypes.StatefulSet, "fa").ShouldBeFalse();
        InstanceExists.ShouldBeTrue();
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task A_pod_that_never_ends_does_not_hold_the_deletion_for_ever()
    {
        PutWorkload();
        Delete();
        _world.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        _world.Events.Reasons.ShouldContain("PodsLeftBehind");
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Waits_until_a_restore_has_put_back_what_was_there_before()
    {
        PutRestore("Running");
        PutData();
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain("restore back");
        _world.Cluster.Writes.ShouldBeEmpty();
        InstanceExists.ShouldBeTrue();
        PutRestore("Failed");
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task A_restore_that_puts_nothing_back_does_not_hold_the_deletion_for_ever()
    {
        PutRestore("Running");
        Delete();
        _world.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Data_and_its_keys_stay_by_default_and_an_event_says_so()
    {
        PutData();
        Delete();
        await RunAsync();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
        _world.Events.Reasons.ShouldBe(["DataRetained"]);
        _world.Cluster.Writes.Where(request => request.StartsWith("delete", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_and_its_keys_go_with_the_policy_Delete()
    {
        _world.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        Delete();
        await RunAsync();
        Data.Where(data => Exists(data.Type, data.Name)).Select(data => data.Name).ShouldBe(["fa-backups"], "the sets are there for the day on which the rest is gone");
        _world.Events.Reasons.ShouldBe(["DataRetained", "DataDeleted"]);
    }

    [Fact]
    public async Task A_claim_that_the_user_brought_and_objects_of_strangers_never_go()
    {
        _world.EditSpec(("deletionPolicy", "\"Delete\""), ("storage", """{"existingClaim": "fa-data"}"""));
        PutData();
        _world.Secret("fa-generated", ("SESSION_SECRET_KEY", "theirs"));
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}}""");
        Delete();
        await RunAsync();
        Exists(ResourceTypes.PersistentVolumeClaim, "fa-data").ShouldBeTrue();
        Exists(ResourceTypes.PersistentVolumeClaim, "mine").ShouldBeTrue();
        Exists(ResourceTypes.Secret, "fa-generated").ShouldBeTrue();
        Exists(ResourceTypes.PersistentVolumeClaim, "fa-postgres-data").ShouldBeFalse();
    }

    [Fact]
    public async Task A_late_cache_does_not_delete_what_a_successor_of_the_same_name_took_up()
    {
        _world.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        Delete();
        var old = _world.Pass();
        var successor = _world.Cluster.LookJson(Kinds.Instance, Instance)!;
        successor["metadata"] = JsonNode.Parse($$"""{"name": "fa", "namespace": "home", "finalizers": ["{{WireNames.InstanceFinalizer}}"]}""");
        _world.Cluster.Put(Kinds.Instance, successor);
        (await _finalization.ExecuteAsync(old, Cancel)).ShouldBeOfType<FinalizationOutcome.Finished>();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creates_nothing_so_that_a_terminating_namespace_cannot_refuse_it()
    {
        PutWorkload();
        PutData();
        Delete();
        _world.Cluster.Fail = request => request.StartsWith("create", StringComparison.Ordinal) || request.StartsWith("apply", StringComparison.Ordinal)
            ? FakeCluster.Error(System.Net.HttpStatusCode.Forbidden, "namespace is being terminated")
            : null;
        await RunAsync();
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
    }

    [Fact]
    public async Task An_orphaning_delete_leaves_everything_running()
    {
        PutWorkload();
        _world.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        _world.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "orphan"]} }""");
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        Finalizers().ShouldBe(["orphan"]);
        Exists(ResourceTypes.StatefulSet, "fa").ShouldBeTrue();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
    }

    [Fact]
    public async Task The_claim_goes_with_the_last_pod_and_before_the_finalizer_even_where_no_cache_knows_of_it()
    {
        await ClaimAsync();
        PutWorkload();
        Delete();
        await RunAsync();
        _world.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull("a pod is left");

        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        _world.Cluster.HiddenFromCache.Add(Lease);
        _world.Cluster.HiddenFromCache.Add(InstanceWorld.Key("fa-telegram"));
        _world.Cluster.Edit(Kinds.Instance, Instance, """{"status": {"telegram": {"botId": "123456"} } }""");
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        _world.Cluster.Look(ResourceTypes.Lease, Lease).ShouldBeNull();
        _world.Cluster.Writes.Where(request => request.StartsWith("create", StringComparison.Ordinal) || request.StartsWith("apply", StringComparison.Ordinal)).ShouldBeEmpty();
        var writes = _world.Cluster.Writes.ToList();
        writes.FindIndex(request => request.StartsWith("delete Secret home/fa-telegram", StringComparison.Ordinal))
            .ShouldBeLessThan(writes.FindIndex(request => request.StartsWith("delete Lease", StringComparison.Ordinal)));
        writes.FindIndex(request => request.StartsWith("delete Lease", StringComparison.Ordinal))
            .ShouldBeLessThan(writes.FindIndex(request => request.StartsWith("patch FamilyAssistantInstance", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_that_is_left_behind_leaves_the_claim_to_whoever_needs_it()
    {
        await ClaimAsync();
        PutWorkload();
        Delete();
        _world.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
        _world.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull();

        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await _world.TelegramStep().ReapAsync(Instance, Cancel)).ShouldBeFalse();
        _world.Cluster.Look(ResourceTypes.Lease, Lease).ShouldBeNull();
    }

    [Fact]
    public async Task An_orphaning_delete_leaves_claim_and_token_to_what_goes_on()
    {
        await ClaimAsync();
        PutWorkload();
        _world.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "orphan"]} }""");
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        _world.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull();
        Exists(ResourceTypes.Secret, "fa-telegram").ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_bot_a_deletion_asks_for_no_claim()
    {
        Delete();
        await RunAsync();
        _world.Cluster.Requests.ShouldNotContain(request => request.Contains("Lease", StringComparison.Ordinal) || request.Contains("fa-telegram", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Paused_removes_nothing()
    {
        PutWorkload();
        PutData();
        _world.Annotate(WireNames.PausedAnnotation);
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain(WireNames.PausedAnnotation);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_paused_until_its_deletion_is_removed()
    {
        PutWorkload();
        _world.Annotate(WireNames.PausedAnnotation, WireNames.PausedUntilDeleted);
        Delete();
        await RunAsync();
        _world.Cluster.Writes.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_change_at_the_same_moment_is_not_overwritten()
    {
        Delete();
        _world.Cluster.Fail = request =>
        {
            if (request.StartsWith("patch", StringComparison.Ordinal))
            {
                _world.Cluster.Fail = _ => null;
                _world.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "example.com/theirs"]} }""");
            }

            return null;
        };
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        Finalizers().ShouldBe(["example.com/theirs"]);
    }

    private static ObjectKey Lease => new(InstanceWorld.OperatorNamespace, ObjectNames.BotClaim("123456"));

    /// <summary>As the pass over a starting instance leaves it.</summary>
    private async Task ClaimAsync()
    {
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token));
        (await _world.TelegramStep().ExecuteAsync(_world.Pass(), Cancel)).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.Clear();
    }

    private static IEnumerable<(ResourceType Type, string Name)> Data => FinalizationPlan.Retained("fa");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool InstanceExists => Exists(Kinds.Instance, "fa");

    private void Delete() => _world.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}}""");

    private void PutWorkload()
    {
        _world.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"replicas": 1}}""");
        _world.Cluster.Edit(ResourceTypes.StatefulSet, Instance, InstanceWorld.OurLabels);
        Pods.Put(_world, Pods.Ready);
    }

    /// <summary>A restore whose turn it is.</summary>
    private void PutRestore(string phase)
    {
        _world.Cluster.Put(Kinds.Restore, $$$"""{"metadata": {"name": "back", "namespace": "home", "uid": "uid-of-back"}, "spec": {"instanceRef": {"name": "fa"} }, "status": {"phase": "{{{phase}}}", "stage": "Migrating"} }""");
        _world.Cluster.Edit(Kinds.Instance, Instance, $$$"""{"metadata": {"annotations": {"{{{WireNames.OperationAnnotation}}}": "uid-of-back"} } }""");
    }

    private void PutData()
    {
        foreach (var (type, name) in Data)
        {
            _world.Cluster.Put(type, $$"""{"metadata": {"name": "{{name}}", "namespace": "home"} }""");
            _world.Cluster.Edit(type, InstanceWorld.Key(name), InstanceWorld.OurLabels);
        }
    }

    private List<string> Finalizers() => [.. _world.Cluster.LookJson(Kinds.Instance, Instance)!["metadata"]!["finalizers"]!.AsArray().Select(name => name!.GetValue<string>())];

    private bool Exists(ResourceType type, string name) => _world.Cluster.Look(type, InstanceWorld.Key(name)) is not null;

    private async Task<FinalizationOutcome> RunAsync() => await _finalization.ExecuteAsync(_world.Pass(), Cancel);

    private sealed class RestoresOnly : IProcedureKind
    {
        public ResourceType Type => Kinds.Restore;

        public string Noun => "restore";

        public bool TakesTurn(ClusterObject source) => true;

        public string? StopsBecause(ClusterObject source) => null;
    }
}
