using System.Collections.ObjectModel;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>What one call of a procedure is told: the objects as they are, and how far it is.</summary>
internal sealed record ProcedurePass<T>
    where T : class
{
    private readonly (ClusterObject Source, FamilyAssistantInstance Model)? _instance;

    /// <summary>The procedure as it was read, live. Its UID is what makes an act of it recognisable.</summary>
    public required ClusterObject Source { get; init; }

    /// <summary>The procedure as records.</summary>
    public required T Procedure { get; init; }

    /// <summary>Its status; null before the first.</summary>
    public required ProcedureStatus? Status { get; init; }

    /// <summary>The instance as it was read, live, and as records; null when there is none, for a kind that works without one.</summary>
    public required (ClusterObject Source, FamilyAssistantInstance Model)? FoundInstance
    {
        get => _instance;
        init => _instance = value;
    }

    /// <summary>When the pass began.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Why it has to come to an end now, as the failure that it ends with; only for a kind that cancels itself.</summary>
    public ProcedureOutcome.Failed? Cancelled { get; init; }

    /// <summary>Whether there is an instance.</summary>
    public bool HasInstance => _instance is not null;

    /// <summary>The instance as it was read, live; also what events are about.</summary>
    public ClusterObject InstanceSource => Existing.Source;

    /// <summary>The instance as records.</summary>
    public FamilyAssistantInstance Instance => Existing.Model;

    /// <summary>The stage that stands in the status; null: none yet, only look.</summary>
    public string? Stage => Status?.Stage;

    /// <summary>The evidence that stands in the status; empty before the first stage.</summary>
    public IReadOnlyDictionary<string, string> Before => Status?.Before ?? ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Namespace of both.</summary>
    public string Namespace => Source.Key.Namespace;

    /// <summary>Name of the instance, whether or not it exists.</summary>
    public string InstanceName => ProcedureReader.InstanceOf(Source) ?? "";

    private (ClusterObject Source, FamilyAssistantInstance Model) Existing => _instance ?? throw new InvalidOperationException("There is no instance.");
}
