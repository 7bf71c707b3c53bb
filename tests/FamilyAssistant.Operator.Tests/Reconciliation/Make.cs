using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using Microsoft.Extensions.Logging.Abstractions;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>Short ways to the inputs of the reconciliation floor.</summary>
internal static class Make
{
    public static readonly DateTimeOffset Noon = new(2026, 2, 22, 12, 0, 0, TimeSpan.Zero);

    public static ClusterObject Source(long generation = 3) => new()
    {
        Type = Kinds.Instance,
        Key = new ObjectKey("home", "assistant"),
        Uid = "11111111-2222-3333-4444-555555555555",
        ResourceVersion = "1",
        Generation = generation,
        Labels = new Dictionary<string, string>(),
        Annotations = new Dictionary<string, string>(),
    };

    public static FamilyAssistantInstance Instance() => new()
    {
        Spec = new InstanceSpec { Image = "registry.example.com/family-assistant:1", Database = new DatabaseSpec { Managed = new ManagedDatabaseSpec() } },
    };

    public static InstancePass Pass() => new()
    {
        Source = Source(),
        Instance = Instance(),
        Observed = new ObservedObjects(new StatusPort(), Source().Key),
        Objects = new InstanceObjects(new NoOwnedObjects(), new StatusPort(), Source(), paused: false, adopt: false),
        Now = Noon,
    };

    public static PipelineRunner Runner() => new(NullLogger<PipelineRunner>.Instance);

    public static InstanceStatus Project(InstanceStatus? previous, ImmutableArray<StepReport> reports, DateTimeOffset? now = null, long generation = 3, bool paused = false) =>
        StatusProjector.Project(previous, generation, reports, now ?? Noon, paused);

    public static StepOutcome.Settled Settled(string reason = "Fine", string message = "Fine.") => new(reason, message);

    public static StepOutcome.Progressing Progressing(string reason = "Moving", string message = "Moving.") => new(reason, message, TimeSpan.FromSeconds(5));

    public static StepOutcome.Blocked Blocked(string reason = "Stuck", string message = "Stuck.", bool needsSpecChange = false) => new(reason, message, needsSpecChange);

    public static StepOutcome.Faulted Faulted(string reason = "Failed", string message = "Failed.") => new(reason, message);

    /// <summary>Reports of the five concerns in the order of the pipeline; a missing one was not run because a gate before it is closed.</summary>
    public static ImmutableArray<StepReport> Reports(params StepOutcome?[] outcomes)
    {
        string[] types = [ConditionTypes.SecretsValid, ConditionTypes.StorageReady, ConditionTypes.DatabaseReady, ConditionTypes.WorkloadAvailable, ConditionTypes.AppHealthy];
        return [.. types.Select((type, index) => index < outcomes.Length && outcomes[index] is { } outcome
            ? new StepReport(type, outcome)
            : new StepReport(type, null, types[0]))];
    }

    public static Condition? Condition(this InstanceStatus status, string type) => status.Conditions.SingleOrDefault(condition => condition.Type == type);

    private sealed class NoOwnedObjects : IOwnedObjects
    {
        public Task<EnsureResult> EnsureAsync(ClusterObject owner, Manifest manifest, bool owned, bool adopt, CancellationToken ct) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(ClusterObject owner, ResourceType type, ObjectKey key, CancellationToken ct) => throw new NotSupportedException();
    }
}
