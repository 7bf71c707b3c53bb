using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Concerns.Health;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers;

/// <summary>A stored instance may be older than the schema: an enumeration that lost a word, a field of another type.</summary>
public sealed class UndecodableInstanceTests : IDatabaseMonitor, IHealthMonitor
{
    private static readonly ObjectKey Key = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new();

    [Theory]
    [InlineData("""{"imagePullPolicy": "Sometimes"}""", "spec.imagePullPolicy: must be one of IfNotPresent, Always, Never.")]
    [InlineData("""{"replicas": "one"}""", "spec.replicas: must be of type integer.")]
    [InlineData("""{"database": []}""", "spec.database: must be of type object.")]
    public async Task Is_told_which_field_is_wrong_and_left_alone(string spec, string message)
    {
        _world.Cluster.Edit(Kinds.Instance, Key, $$"""{"spec": {{spec}} }""");

        await ReconcileAsync();

        var ready = Condition("Ready");
        ((string?)ready["status"], (string?)ready["reason"], (string?)ready["message"]).ShouldBe(("False", "InvalidSpec", message));
        Condition("Stalled")["status"]!.GetValue<string>().ShouldBe("True");
        _world.Cluster.Writes.ShouldHaveSingleItem().ShouldStartWith("patch status");

        await ReconcileAsync();
        _world.Cluster.Writes.Count().ShouldBe(1, "a settled instance writes nothing");
    }

    [Theory]
    [InlineData("Retain", true)]
    [InlineData("Delete", false)]
    [InlineData("Perhaps", true)]
    public async Task Can_be_deleted_and_its_data_goes_only_when_it_clearly_says_so(string policy, bool stays)
    {
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "fa-data", "namespace": "home"}}""");
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, InstanceWorld.Key("fa-data"), InstanceWorld.OurLabels);
        _world.Cluster.Edit(Kinds.Instance, Key, $$"""{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}, "spec": {"imagePullPolicy": "Sometimes", "deletionPolicy": "{{policy}}"} }""");

        await ReconcileAsync();

        _world.Cluster.Look(Kinds.Instance, Key).ShouldBeNull();
        (_world.Cluster.Look(ResourceTypes.PersistentVolumeClaim, InstanceWorld.Key("fa-data")) is not null).ShouldBe(stays);
    }

    ValueTask<DatabaseObservation?> IDatabaseMonitor.ObserveAsync(ObjectKey instance, DatabaseTarget target, TimeSpan patience, CancellationToken ct) => throw new NotSupportedException();

    ValueTask<HealthObservation?> IHealthMonitor.ObserveAsync(ObjectKey instance, HealthTarget target, TimeSpan patience, CancellationToken ct) => throw new NotSupportedException();

    void IHealthMonitor.Keep(ObjectKey instance, IReadOnlyCollection<HealthTarget> targets) => throw new NotSupportedException();

    void IDatabaseMonitor.Forget(ObjectKey instance)
    {
    }

    void IHealthMonitor.Forget(ObjectKey instance)
    {
    }

    private JsonObject Condition(string type) => _world.Cluster.LookJson(Kinds.Instance, Key)!["status"]!["conditions"]!.AsArray()
        .Single(condition => (string?)condition!["type"] == type)!.AsObject();

    private Task<ReconcileResult> ReconcileAsync()
    {
        // No step but the one that only looks is ever asked.
        var pipeline = new InstancePipeline(null!, null!, null!, null!, null!, null!, new HealthStep(this, new FakeConflictMonitor()));
        var reconciler = new InstanceReconciler(
            _world.Cluster,
            new FakeOwnedObjects(_world.Cluster),
            _world.Events,
            pipeline,
            new PipelineRunner(NullLogger<PipelineRunner>.Instance),
            new StatusWriter(_world.Cluster, _world.Cluster, _world.Events),
            new Finalization(_world.Cluster, _world.TelegramStep(), new ProcedureLock(_world.Cluster, _world.Cluster, []), _world.Events),
            _world.TelegramStep(),
            null!,
            this,
            this,
            new FakeConflictMonitor(),
            new BackupMetrics(Prometheus.Metrics.NewCustomRegistry()),
            _world.Time,
            NullLogger<InstanceReconciler>.Instance);
        return reconciler.ReconcileAsync(Key, TestContext.Current.CancellationToken);
    }
}
