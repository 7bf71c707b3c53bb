using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class WorkloadStepTests
{
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly WorkloadStep _step;

    public WorkloadStepTests() => _step = new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events);

    [Fact]
    public async Task Makes_every_object_once_and_asks_only_whether_a_restore_comes_first()
    {
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Starting);
        await RunAsync();
        _world.Cluster.Requests.ShouldBe(["list FamilyAssistantRestore home", "apply ServiceAccount home/fa", "apply NetworkPolicy home/fa", "apply Service home/fa", "apply StatefulSet home/fa"]);
        _world.Events.Reasons.ShouldBe(["Started"]);
    }

    [Fact]
    public async Task An_object_that_a_Ready_instance_lost_is_made_again_with_an_event()
    {
        await StartAsync();
        var generation = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Generation;
        _world.Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"status": {"observedGeneration": {{{generation}}}, "conditions": [{"type": "Ready", "status": "True", "reason": "Succeeded", "message": "", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T12:00:00Z"}]}}""");
        _world.Cluster.Drop(ResourceTypes.Service, InstanceWorld.Key("fa"));
        await RunAsync();
        await RunAsync();
        _world.Events.Recorded.Where(e => e.Reason == "ObjectRestored").ShouldHaveSingleItem().Note.ShouldBe("Service fa was missing and has been made again.");
    }

    [Fact]
    public async Task Is_available_when_the_pod_is_ready_and_then_needs_no_request()
    {
        await StartAsync();
        _world.Cluster.Requests.Clear();
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        outcome.Reason.ShouldBe(WorkloadReasons.Available);
        outcome.CheckAfter.ShouldBeNull();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_image_with_digest_version_address_replicas_and_selector()
    {
        await StartAsync();
        var status = (await RunAsync()).Report!(new InstanceStatus());
        status.Image.ShouldBe("ghcr.io/werdnum/family-assistant:20260222_031455@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        status.Version.ShouldBe("20260222_031455");
        status.Replicas.ShouldBe(1);
        status.Selector.ShouldBe("app=fa,app.kubernetes.io/component=app,family-assistant.io/instance=fa");
    }

    [Fact]
    public async Task The_status_of_an_earlier_template_is_not_taken_for_the_new_one()
    {
        await StartAsync();
        _world.EditSpec(("image", "\"ghcr.io/werdnum/family-assistant:20260301_000000\""));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.RollingOut);
        _world.Events.Reasons.ShouldContain("ImageChanged");
    }

    [Fact]
    public async Task Replicas_zero_stops_and_says_so_only_when_the_pod_is_gone()
    {
        await StartAsync();
        _world.EditSpec(("replicas", "0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Stopping);
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(WorkloadReasons.Stopped);
        Sets.Json(_world)["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Several_edits_of_Secrets_become_one_rollout()
    {
        await StartAsync();
        var hash = Sets.Hash(_world);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "changed"));
        var first = (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>();
        first.Reason.ShouldBe(WorkloadReasons.ConfigurationChanged);
        first.CheckAfter.ShouldBe(RolloutDebounce.Quiet);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "changed again"));
        await RunAsync();
        Sets.Hash(_world).ShouldBe(hash);

        _world.Time.Advance(RolloutDebounce.Quiet);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.RollingOut);
        Sets.Hash(_world).ShouldNotBe(hash);
        _world.Cluster.Requests.Count(request => request == "apply StatefulSet home/fa").ShouldBe(2);
        _world.Events.Reasons.ShouldContain("ConfigurationRolledOut");
    }

    [Fact]
    public async Task A_Secret_that_is_changed_and_changed_back_rolls_nothing_out()
    {
        await StartAsync();
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "changed"));
        await RunAsync();
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "sk-canary"));
        _world.Time.Advance(RolloutDebounce.Quiet * 2);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.Count(request => request == "apply StatefulSet home/fa").ShouldBe(1);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("fa-generated")]
    [InlineData("fa-database")]
    public async Task A_missing_Secret_freezes_the_last_good_template(string secret)
    {
        await StartAsync();
        var before = Sets.Json(_world).ToJsonString();
        _world.Cluster.Drop(ResourceTypes.Secret, InstanceWorld.Key(secret));
        _world.Time.Advance(TimeSpan.FromMinutes(1));
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(WorkloadReasons.InputMissing);
        outcome.Message.ShouldContain(secret);
        Sets.Json(_world).ToJsonString().ShouldBe(before);
    }

    [Fact]
    public async Task Stopping_works_although_the_Secret_is_gone()
    {
        await StartAsync();
        _world.Cluster.Drop(ResourceTypes.Secret, InstanceWorld.Key("keys"));
        _world.EditSpec(("replicas", "0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Stopping);
        Sets.Json(_world)["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Ingresses_network_policy_and_account_go_when_they_are_not_wanted_any_more()
    {
        _world.EditSpec(("web", """{"host": "a.example.com", "webhooks": {"host": "b.example.com"}}"""));
        await RunAsync();
        Exists(ResourceTypes.Ingress, "fa-web").ShouldBeTrue();
        Exists(ResourceTypes.Ingress, "fa-webhooks").ShouldBeTrue();

        _world.EditSpec(("web", "null"), ("networkPolicy", """{"enabled": false}"""), ("pod", """{"serviceAccountName": "mine"}"""));
        await RunAsync();
        Exists(ResourceTypes.Ingress, "fa-web").ShouldBeFalse();
        Exists(ResourceTypes.Ingress, "fa-webhooks").ShouldBeFalse();
        Exists(ResourceTypes.NetworkPolicy, "fa").ShouldBeFalse();
        Exists(ResourceTypes.ServiceAccount, "fa").ShouldBeFalse();
    }

    [Fact]
    public async Task A_strangers_ingress_of_that_name_neither_goes_nor_keeps_the_bot_from_starting()
    {
        _world.Cluster.Put(ResourceTypes.Ingress, """{"metadata": {"name": "fa-web", "namespace": "home"}}""");
        _world.EditSpec(("web", """{"host": "a.example.com"}"""));
        (await RunAsync()).Reason.ShouldBe(CommonReasons.NameConflict);
        Exists(ResourceTypes.StatefulSet, "fa").ShouldBeTrue();
        _world.EditSpec(("web", "null"));
        await RunAsync();
        Exists(ResourceTypes.Ingress, "fa-web").ShouldBeTrue();
    }

    [Fact]
    public async Task Paused_writes_nothing_and_still_observes()
    {
        await StartAsync();
        _world.Annotate(WireNames.PausedAnnotation);
        _world.EditSpec(("image", "\"ghcr.io/werdnum/family-assistant:20260301_000000\""));
        _world.Cluster.Requests.Clear();
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_secret_reaches_an_event_or_a_message()
    {
        await StartAsync();
        Pods.Put(_world, Pods.WaitingFor("CrashLoopBackOff", restarts: 4));
        var outcome = await RunAsync();
        outcome.Message.ShouldNotContain("canary");
        _world.Events.Recorded.ShouldAllBe(recorded => !recorded.Note.Contains("canary"));
        Sets.Json(_world).ToJsonString().ShouldNotContain("canary");
    }

    /// <summary>Runs until the pod is ready.</summary>
    private async Task StartAsync()
    {
        await RunAsync();
        Sets.Settle(_world);
        Pods.Put(_world, Pods.Ready, owner: Sets.Uid(_world));
    }

    private bool Exists(ResourceType type, string name) => _world.Cluster.Look(type, InstanceWorld.Key(name)) is not null;

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
