using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers;

/// <summary>An instance that is deleted in a cluster in memory.</summary>
public abstract class FinalizationTest
{
    private protected static readonly ObjectKey Instance = InstanceWorld.Key("fa");
    private protected InstanceWorld World { get; } = new();
    private protected Finalization Finalization { get; }

    protected FinalizationTest() => Finalization = new Finalization(World.Cluster, World.TelegramStep(), new ProcedureLock(World.Cluster, World.Cluster, [new RestoresOnly()]), World.Events);

    private protected static ObjectKey Lease => new(InstanceWorld.OperatorNamespace, ObjectNames.BotClaim("123456"));

    /// <summary>As the pass over a starting instance leaves it.</summary>
    private protected async Task ClaimAsync()
    {
        World.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token));
        (await World.TelegramStep().ExecuteAsync(World.Pass(), Cancel)).ShouldBeOfType<StepOutcome.Settled>();
        World.Cluster.Requests.Clear();
    }

    private protected static IEnumerable<(ResourceType Type, string Name)> Data => FinalizationPlan.Retained("fa");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected bool InstanceExists => Exists(Kinds.Instance, "fa");

    private protected void Delete() => World.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}}""");

    private protected void PutWorkload()
    {
        World.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"replicas": 1}}""");
        World.Cluster.Edit(ResourceTypes.StatefulSet, Instance, InstanceWorld.OurLabels);
        Pods.Put(World, Pods.Ready);
    }

    /// <summary>A restore whose turn it is.</summary>
    private protected void PutRestore(string phase)
    {
        World.Cluster.Put(Kinds.Restore, $$$"""{"metadata": {"name": "back", "namespace": "home", "uid": "uid-of-back"}, "spec": {"instanceRef": {"name": "fa"} }, "status": {"phase": "{{{phase}}}", "stage": "Migrating"} }""");
        World.Cluster.Edit(Kinds.Instance, Instance, $$$"""{"metadata": {"annotations": {"{{{WireNames.OperationAnnotation}}}": "uid-of-back"} } }""");
    }

    private protected void PutData()
    {
        foreach (var (type, name) in Data)
        {
            World.Cluster.Put(type, $$"""{"metadata": {"name": "{{name}}", "namespace": "home"} }""");
            World.Cluster.Edit(type, InstanceWorld.Key(name), InstanceWorld.OurLabels);
        }
    }

    private protected List<string> Finalizers() => [.. World.Cluster.LookJson(Kinds.Instance, Instance)!["metadata"]!["finalizers"]!.AsArray().Select(name => name!.GetValue<string>())];

    private protected bool Exists(ResourceType type, string name) => World.Cluster.Look(type, InstanceWorld.Key(name)) is not null;

    private protected async Task<FinalizationOutcome> RunAsync() => await Finalization.ExecuteAsync(World.Pass(), Cancel);

    private sealed class RestoresOnly : IProcedureKind
    {
        public ResourceType Type => Kinds.Restore;

        public string Noun => "restore";

        public bool TakesTurn(ClusterObject source) => true;

        public string? StopsBecause(ClusterObject source) => null;
    }
}
