using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

/// <summary>Rotations against the objects: what is written, under which conditions, and what is told of it.</summary>
public sealed class RotationHandlerTests
{
    private static readonly ObjectKey Generated = InstanceWorld.Key("fa-generated");
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly FakePushSubscriptions _subscriptions = new(rows: 2);
    private readonly RotateVapidKeysHandler _vapid;
    private readonly RotateSessionSecretHandler _session;

    public RotationHandlerTests()
    {
        _vapid = new RotateVapidKeysHandler(_world.Cluster, _subscriptions);
        _session = new RotateSessionSecretHandler(_world.Cluster);
        _world.Cluster.Put(Kinds.Operation, """{"metadata": {"name": "op", "namespace": "home"}, "spec": {"instanceRef": {"name": "fa"}, "action": "RotateVapidKeys"}}""");
        var generation = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Generation;
        _world.Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""
            {"status": {"observedGeneration": {{{generation}}}, "conditions": [
              {"type": "Ready", "status": "True", "reason": "Succeeded", "message": "", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T12:00:00Z"},
              {"type": "WorkloadAvailable", "status": "True", "reason": "Available", "message": "", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T12:00:00Z"}]}}
            """);
    }

    [Fact]
    public async Task The_first_look_writes_nothing_and_says_what_would_end()
    {
        var outcome = (await _vapid.ExecuteAsync(Pass(), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>();
        outcome.Stage.ShouldBe("Rotating");
        outcome.Message.ShouldContain("2 push subscriptions end");
        outcome.Before!["push_subscriptions"].ShouldBe("2");
        outcome.Before["vapid.publicKey"].ShouldBe("public");
        outcome.Before["instance.ready"].ShouldBe("True");
        outcome.Before.Values.ShouldNotContain("private");
        _world.Cluster.Writes.ShouldBeEmpty();
        _subscriptions.Asked.ShouldHaveSingleItem().ShouldStartWith("home postgresql+asyncpg://");
    }

    [Theory]
    [InlineData(null, "unknown number")]
    [InlineData(0L, "Nobody has subscribed")]
    [InlineData(1L, "1 push subscription ends")]
    public async Task The_number_may_be_unknown_or_small(long? rows, string says)
    {
        _subscriptions.Rows = rows;
        (await _vapid.ExecuteAsync(Pass(), Cancellation)).Message.ShouldContain(says);
    }

    [Fact]
    public async Task The_pair_is_replaced_once_although_the_operator_ends_before_it_can_say_so()
    {
        (await _vapid.ExecuteAsync(Pass("Rotating"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>().Stage.ShouldBe("RollingOut");
        var first = Data();
        VapidKey.PublicOf(first[GeneratedKeys.VapidPrivate]).ShouldBe(Encoding.ASCII.GetString(first[GeneratedKeys.VapidPublic]));
        Encoding.ASCII.GetString(first[GeneratedKeys.SessionSecret]).ShouldBe("5e55");
        Encoding.ASCII.GetString(first[GeneratedKeys.HashKey]).ShouldBe("4a54");

        (await _vapid.ExecuteAsync(Pass("Rotating"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>().Stage.ShouldBe("RollingOut");
        Data()[GeneratedKeys.VapidPrivate].ShouldBe(first[GeneratedKeys.VapidPrivate]);
        _world.Cluster.Writes.Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_edit_at_the_same_moment_is_not_overwritten()
    {
        var seen = _world.Cluster.Look(ResourceTypes.Secret, Generated)!;
        _world.Cluster.Fail = request =>
        {
            if (request.StartsWith("patch", StringComparison.Ordinal) || request.StartsWith("merge", StringComparison.Ordinal))
            {
                _world.Cluster.Fail = _ => null;
                _world.Cluster.Edit(ResourceTypes.Secret, Generated, """{"data": {"SESSION_SECRET_KEY": "bmV3"}}""");
            }

            return null;
        };
        var outcome = (await _session.ExecuteAsync(Pass("Rotating"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>();
        outcome.Stage.ShouldBe("Rotating");
        outcome.CheckAfter.ShouldNotBeNull();
        Encoding.ASCII.GetString(Data()[GeneratedKeys.SessionSecret]).ShouldBe("new");
        seen.Annotations.ShouldNotContainKey(WireNames.RotatedByAnnotation);
    }

    [Fact]
    public async Task The_session_secret_alone_is_replaced_and_nothing_of_it_is_told()
    {
        var outcome = (await _session.ExecuteAsync(Pass(), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>();
        outcome.Message.ShouldContain("log in");
        outcome.Before!.Keys.ShouldBe(["instance.ready", "secret.resourceVersion"], ignoreOrder: true);
        await _session.ExecuteAsync(Pass("Rotating"), Cancellation);
        Data()[GeneratedKeys.SessionSecret].Length.ShouldBe(64);
        Encoding.ASCII.GetString(Data()[GeneratedKeys.VapidPrivate]).ShouldBe("private");
        _subscriptions.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_of_the_users_own_Secret_are_never_written()
    {
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("VAPID_PRIVATE_KEY", "mine"), ("SESSION_SECRET_KEY", "mine"));
        (await _vapid.ExecuteAsync(Pass(), Cancellation)).ShouldBeOfType<ProcedureOutcome.Failed>().Reason.ShouldBe(OperationReasons.KeyNotGenerated);
        (await _session.ExecuteAsync(Pass("Rotating"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Failed>().Message.ShouldContain("SESSION_SECRET_KEY of Secret keys");
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_Secret_of_the_name_of_the_generated_one_is_never_written()
    {
        _world.Secret("fa-generated", ("SESSION_SECRET_KEY", "theirs"), ("VAPID_PRIVATE_KEY", "theirs"), ("VAPID_PUBLIC_KEY", "theirs"), ("OPERATOR_HASH_KEY", "theirs"));
        _world.Cluster.Edit(ResourceTypes.Secret, Generated, $$$"""{"metadata": {"labels": {"{{{WireNames.InstanceLabel}}}": "other"} } }""");
        (await _vapid.ExecuteAsync(Pass(), Cancellation)).ShouldBeOfType<ProcedureOutcome.Waiting>();
        (await _vapid.ExecuteAsync(Pass("Rotating"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Waiting>();
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_done_when_the_StatefulSet_of_the_instance_names_the_operation_and_its_pods_are_ready()
    {
        await _vapid.ExecuteAsync(Pass("Rotating"), Cancellation);
        var instance = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        _world.Cluster.Put(ResourceTypes.StatefulSet, $$$"""
            {"metadata": {"name": "fa", "namespace": "home", "annotations": {"{{{WireNames.RotatedByAnnotation}}}": "{{{Operation.Uid}}}"},
              "ownerReferences": [{"apiVersion": "family-assistant.io/v1alpha1", "kind": "FamilyAssistantInstance", "name": "fa", "uid": "{{{instance.Uid}}}", "controller": true}]},
             "spec": {"replicas": 1}}
            """);
        Sets.Settle(_world);
        var done = (await _vapid.ExecuteAsync(Pass("RollingOut", ("instance.ready", "True")), Cancellation)).ShouldBeOfType<ProcedureOutcome.Done>();
        done.Message.ShouldBe("VAPID_PRIVATE_KEY and VAPID_PUBLIC_KEY replaced; the instance is Ready.");
        done.After!["vapid.publicKey"].ShouldBe(Encoding.ASCII.GetString(Data()[GeneratedKeys.VapidPublic]));
        done.After.Values.ShouldNotContain(Encoding.ASCII.GetString(Data()[GeneratedKeys.VapidPrivate]));

        Sets.Status(_world, observed: 0, ready: 1, Pods.Revision, Pods.Revision);
        (await _vapid.ExecuteAsync(Pass("RollingOut"), Cancellation)).ShouldBeOfType<ProcedureOutcome.Working>();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ClusterObject Operation => _world.Cluster.Look(Kinds.Operation, InstanceWorld.Key("op"))!;

    private IDictionary<string, byte[]> Data() => _world.Cluster.Look(ResourceTypes.Secret, Generated)!.Read<V1Secret>().Data;

    private ProcedurePass<FamilyAssistantOperation> Pass(string? stage = null, params (string Key, string Value)[] before)
    {
        var instance = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        return new ProcedurePass<FamilyAssistantOperation>
        {
            Source = Operation,
            Procedure = Operation.Read(ApiJsonContext.Default.FamilyAssistantOperation),
            Status = new OperationStatus { Stage = stage, Before = before.ToDictionary(entry => entry.Key, entry => entry.Value) },
            FoundInstance = (instance, instance.Read(ApiJsonContext.Default.FamilyAssistantInstance)),
            Now = _world.Time.GetUtcNow(),
        };
    }
}
