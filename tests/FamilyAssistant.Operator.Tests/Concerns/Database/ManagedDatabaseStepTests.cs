using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class ManagedDatabaseStepTests : IDisposable
{
    private static readonly ObjectKey Password = InstanceWorld.Key("fa-postgres");
    private static readonly ObjectKey Claim = InstanceWorld.Key("fa-postgres-data");
    private readonly DatabaseWorld _world = new("""{"managed": {}}""");

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task Makes_the_server_once_and_waits_for_its_pod()
    {
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(DatabaseReasons.Starting);
        Cluster.Writes.ShouldBe(
        [
            "create Secret home/fa-postgres",
            "apply PersistentVolumeClaim home/fa-postgres-data",
            "apply ServiceAccount home/fa-postgres",
            "apply Service home/fa-postgres",
            "apply NetworkPolicy home/fa-postgres",
            "apply StatefulSet home/fa-postgres",
            "apply Secret home/fa-database",
        ]);
        _world.Monitor.Targets.ShouldBeEmpty("a server without a ready pod is not asked");

        Cluster.Requests.Clear();
        Ready();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        Cluster.Requests.ShouldBeEmpty();
        _world.World.Events.Reasons.ShouldBe([EventReasons.DatabasePasswordGenerated]);
    }

    [Fact]
    public async Task The_application_gets_the_generated_password_and_no_event_does()
    {
        await _world.RunAsync();
        var password = _world.Data("fa-postgres", "password")!;
        password.Length.ShouldBe(40);
        password.ShouldAllBe(character => char.IsAsciiLetterOrDigit(character));
        _world.Url().ShouldBe($"postgresql+asyncpg://family_assistant:{password}@fa-postgres.home.svc:5432/family_assistant?ssl=disable");
        _world.World.Events.Recorded.ShouldAllBe(recorded => !recorded.Note.Contains(password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Secret", "fa-postgres", false)]
    [InlineData("PersistentVolumeClaim", "fa-postgres-data", false)]
    [InlineData("StatefulSet", "fa-postgres", true)]
    [InlineData("Service", "fa-postgres", true)]
    public async Task The_password_and_the_volume_outlive_the_instance_and_nothing_else_does(string kind, string name, bool owned)
    {
        await _world.RunAsync();
        ResourceType[] types = [ResourceTypes.Secret, ResourceTypes.PersistentVolumeClaim, ResourceTypes.StatefulSet, ResourceTypes.Service];
        var type = types.Single(candidate => candidate.Kind == kind);
        (Cluster.LookJson(type, InstanceWorld.Key(name))!["metadata"]!["ownerReferences"] is not null).ShouldBe(owned);
    }

    [Fact]
    public async Task A_late_cache_does_not_give_the_volume_another_password()
    {
        await _world.RunAsync();
        var before = _world.Data("fa-postgres", "password");
        Cluster.HiddenFromCache.Add(Password);
        Cluster.HiddenFromCache.Add(Claim);
        (await _world.RunAsync()).Reason.ShouldBe(DatabaseReasons.Starting);
        _world.Data("fa-postgres", "password").ShouldBe(before);
        _world.Url()!.ShouldContain(before!);
    }

    [Fact]
    public async Task A_volume_without_its_password_is_not_given_a_new_one()
    {
        await _world.RunAsync();
        Cluster.Drop(ResourceTypes.Secret, Password);
        Cluster.Requests.Clear();
        Cluster.HiddenFromCache.Add(Claim);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(DatabaseReasons.PasswordLost, "a live look finds the claim that the cache does not know");
        Cluster.HiddenFromCache.Clear();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(DatabaseReasons.PasswordLost);
        Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_create_is_the_runners_to_classify_and_the_next_pass_goes_on()
    {
        Cluster.Fail = request => request == "create Secret home/fa-postgres" ? FakeCluster.Error(HttpStatusCode.InternalServerError, "etcd") : null;
        await Should.ThrowAsync<ClusterApiException>(_world.RunAsync);
        Cluster.Look(ResourceTypes.PersistentVolumeClaim, Claim).ShouldBeNull("no volume may exist before its password");
        Cluster.Fail = _ => null;
        (await _world.RunAsync()).Reason.ShouldBe(DatabaseReasons.Starting);
    }

    [Fact]
    public async Task A_strangers_claim_of_which_the_cache_knows_only_the_name_is_a_name_conflict()
    {
        await _world.RunAsync();
        Cluster.Drop(ResourceTypes.PersistentVolumeClaim, Claim);
        var theirs = Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "fa-postgres-data", "namespace": "home"}, "spec": {"resources": {"requests": {"storage": "1Gi"} } } }""");
        Cluster.StaleInCache[Claim] = theirs with { Json = default };
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
    }

    [Fact]
    public async Task Paused_makes_no_password_and_says_so()
    {
        _world.World.Annotate(WireNames.PausedAnnotation);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.Paused);
        Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_expansion_names_the_storage_class_setting_and_the_way_back()
    {
        await _world.RunAsync();
        Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, """{"status": {"phase": "Bound"} }""");
        _world.World.EditSpec(("database", """{"managed": {"storage": "12Gi"}}"""));
        Cluster.Fail = request => request.StartsWith("apply PersistentVolumeClaim", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.Forbidden, "only dynamically provisioned pvc can be resized.") : null;
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(DatabaseReasons.ExpansionRefused);
        outcome.Message.ShouldContain("allowVolumeExpansion");
        outcome.Message.ShouldContain("10Gi");
    }

    [Fact]
    public async Task Without_network_policies_none_is_left_behind()
    {
        await _world.RunAsync();
        _world.World.EditSpec(("networkPolicy", """{"enabled": false}"""));
        await _world.RunAsync();
        Cluster.Look(ResourceTypes.NetworkPolicy, InstanceWorld.Key("fa-postgres")).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}]}""", PodReasons.Unschedulable)]
    [InlineData("""{"phase": "Pending", "containerStatuses": [{"name": "postgres", "image": "pgvector/pgvector:pg99", "restartCount": 0, "state": {"waiting": {"reason": "ErrImagePull", "message": "not found"} } }]}""", PodReasons.ImagePullFailed)]
    [InlineData("""{"phase": "Running", "containerStatuses": [{"name": "postgres", "restartCount": 5, "state": {"waiting": {"reason": "CrashLoopBackOff"} } }]}""", PodReasons.CrashLoop)]
    public async Task A_pod_that_cannot_succeed_is_a_reason_with_its_own_words(string status, string reason)
    {
        await _world.RunAsync();
        PutPod(status);
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(reason);
        outcome.Message.ShouldContain("fa-postgres-0");
    }

    [Fact]
    public async Task A_ready_pod_counts_although_another_one_is_on_its_way_out()
    {
        await _world.RunAsync();
        var leaving = PutPod("""{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}""", "leaving");
        Cluster.Edit(ResourceTypes.Pod, leaving.Key, """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z", "finalizers": ["example.com/wait"]} }""");
        (await _world.RunAsync()).Reason.ShouldBe(DatabaseReasons.Starting, "a terminating pod is not the server any more");
        Ready();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task An_unreachable_server_leaves_everything_as_it_is()
    {
        await _world.RunAsync();
        Ready();
        Cluster.Requests.Clear();
        _world.Monitor.Seen = new DatabaseObservation.Failed(DatabaseFailures.Unreachable, "No PostgreSQL server answers.");
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Progressing>();
        outcome.Reason.ShouldBe(DatabaseReasons.Unreachable);
        outcome.Message.ShouldContain("network policies");
        Cluster.Requests.ShouldBeEmpty();
    }

    public void Dispose() => _world.Dispose();

    private void Ready() => PutPod("""{"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [{"name": "postgres", "ready": true, "restartCount": 0}]}""");

    private ClusterObject PutPod(string status, string name = "fa-postgres-0")
    {
        var pod = Cluster.Put(ResourceTypes.Pod, $$"""{"metadata": {"name": "{{name}}", "namespace": "home"}, "status": {{status}}}""");
        Cluster.Edit(ResourceTypes.Pod, pod.Key, InstanceWorld.OurLabels);
        return Cluster.Edit(ResourceTypes.Pod, pod.Key, $$$"""{"metadata": {"labels": {"{{{WireNames.ComponentLabel}}}": "{{{Components.Database}}}"} } }""");
    }
}
