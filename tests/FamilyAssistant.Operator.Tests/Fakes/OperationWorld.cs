using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Operations on the instance <c>home/fa</c>, and passes over them.</summary>
internal sealed class OperationWorld
{
    private readonly OperationMetrics _metrics;

    public OperationWorld()
    {
        _metrics = new OperationMetrics(Registry);
        Handlers = [Restart, StopStart];
    }

    public InstanceWorld World { get; } = new InstanceWorld().WithSecrets();

    public FakeCluster Cluster => World.Cluster;

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public StubHandler Restart { get; } = new(OperationAction.Restart);

    public StubHandler StopStart { get; } = new(OperationAction.StopStart);

    public IReadOnlyList<IOperationHandler> Handlers { get; set; }

    public string? Turn => ProcedureLock.HolderOf(Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!);

    /// <summary>Creates one, as kubectl would.</summary>
    public ClusterObject Create(string name, string spec = """{"action": "Restart"}""", string created = "2026-11-23T11:00:00Z")
    {
        var whole = JsonNode.Parse(spec)!.AsObject();
        whole.TryAdd("instanceRef", new JsonObject { ["name"] = InstanceWorld.Name });
        return Cluster.Put(Kinds.Operation, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = InstanceWorld.Namespace,
                ["creationTimestamp"] = created,
                ["managedFields"] = JsonNode.Parse("""[{"manager": "kubectl-create", "operation": "Update", "fieldsV1": {"f:spec": {}}}]"""),
            },
            ["spec"] = whole,
        });
    }

    /// <summary>Creates one that ended.</summary>
    public ClusterObject Ended(string name, string finished, string metadata = "{}")
    {
        Create(name);
        Cluster.Edit(Kinds.Operation, InstanceWorld.Key(name), $$"""{"metadata": {{metadata}}, "status": {"observedGeneration": 1, "phase": "Succeeded", "finishedAt": "{{finished}}"} }""");
        return Cluster.Look(Kinds.Operation, InstanceWorld.Key(name))!;
    }

    public OperationStatus? Status(string name) => Kind().StatusOf(Cluster.Look(Kinds.Operation, InstanceWorld.Key(name))!);

    /// <summary>An operator, with the cluster's caches or with caches of its own.</summary>
    public ProcedureReconciler<FamilyAssistantOperation, OperationStatus> Reconciler(ICaches? caches = null)
    {
        var kind = Kind(caches);
        return new(
            Cluster,
            caches ?? Cluster,
            kind,
            [kind],
            new ProcedureLock(Cluster, caches ?? Cluster, [kind]),
            new ProcedureStatusWriter<FamilyAssistantOperation, OperationStatus>(Cluster, caches ?? Cluster, World.Events, kind),
            World.Time,
            NullLogger<ProcedureReconciler<FamilyAssistantOperation, OperationStatus>>.Instance);
    }

    public ProcedureLock Lock() => new(Cluster, Cluster, [Kind()]);

    public ProcedureHold Hold(ICaches? caches = null) => new(Cluster, caches ?? Cluster, new ProcedureLock(Cluster, caches ?? Cluster, [Kind(caches)]), [Kind(caches)]);

    /// <summary>The pass over the instance, as far as operations concern it.</summary>
    public async Task<string?> LookAsync() =>
        (await Hold().LookAsync(Cluster[Kinds.Instance].Get(InstanceWorld.Key("fa"))!, TestContext.Current.CancellationToken)).StopBecause;

    public Task<ReconcileResult> PassAsync(string name, ICaches? caches = null) => Reconciler(caches).ReconcileAsync(InstanceWorld.Key(name), TestContext.Current.CancellationToken);

    /// <summary>Passes until nothing is written any more.</summary>
    public async Task SettleAsync(params string[] names)
    {
        for (var round = 0; round < 20; round++)
        {
            var before = Cluster.Writes.Count();
            foreach (var name in names)
            {
                await PassAsync(name);
            }

            await LookAsync();
            if (Cluster.Writes.Count() == before)
            {
                return;
            }
        }

        throw new InvalidOperationException("still not settled");
    }

    /// <summary>Says of the instance what a pass over it would have said.</summary>
    public void SetInstanceStatus(string ready, string reason = "Succeeded", string workload = "True", string workloadReason = "Available")
    {
        var generation = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Generation;
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$"""
            {"status": {"observedGeneration": {{generation}}, "conditions": [
              {"type": "Ready", "status": "{{ready}}", "reason": "{{reason}}", "message": "So it is.", "observedGeneration": {{generation}}, "lastTransitionTime": "2026-11-23T11:00:00Z"},
              {"type": "DatabaseReady", "status": "{{(workload == "Unknown" ? "False" : "True")}}", "reason": "DatabaseUnreachable", "message": "Nobody answers.", "observedGeneration": {{generation}}, "lastTransitionTime": "2026-11-23T11:00:00Z"},
              {"type": "WorkloadAvailable", "status": "{{workload}}", "reason": "{{workloadReason}}", "message": "Waits for DatabaseReady.", "observedGeneration": {{generation}}, "lastTransitionTime": "2026-11-23T11:00:00Z"}]} }
            """);
    }

    private OperationKind Kind(ICaches? caches = null) => new(Handlers, new OperationHistory(Cluster, caches ?? Cluster), _metrics);
}
