using System.Collections.ObjectModel;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>What a handler is told: both objects as they are, and how far the operation is.</summary>
internal sealed record OperationPass
{
    /// <summary>The operation as it was read, live. Its UID is what makes an act of it recognisable.</summary>
    public required ClusterObject Source { get; init; }

    /// <summary>The operation as records.</summary>
    public required FamilyAssistantOperation Operation { get; init; }

    /// <summary>The instance as it was read, live; also what events are about.</summary>
    public required ClusterObject InstanceSource { get; init; }

    /// <summary>The instance as records.</summary>
    public required FamilyAssistantInstance Instance { get; init; }

    /// <summary>When the pass began.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The stage that stands in the status; null: none yet, only look.</summary>
    public string? Stage => Operation.Status?.Stage;

    /// <summary>The evidence that stands in the status; empty before the first stage.</summary>
    public IReadOnlyDictionary<string, string> Before => Operation.Status?.Before ?? ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Namespace of both.</summary>
    public string Namespace => Source.Key.Namespace;

    /// <summary>Name of the instance.</summary>
    public string InstanceName => InstanceSource.Key.Name;
}
