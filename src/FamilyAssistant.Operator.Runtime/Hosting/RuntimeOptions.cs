using System.Net;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Leadership;
using FamilyAssistant.Operator.Runtime.Owned;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Everything that the runtime has to be told; it knows no name of the operator that uses it.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Where the API server is.</summary>
    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>Field managers and retries.</summary>
    public required ClusterApiOptions Api { get; init; }

    /// <summary>Marks on owned objects.</summary>
    public required OwnershipOptions Ownership { get; init; }

    /// <summary>Who reports events.</summary>
    public required EventOptions Events { get; init; }

    /// <summary>Leader election.</summary>
    public required LeaderOptions Leadership { get; init; }

    /// <summary>Address of <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Namespaces that are watched; empty: all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>How long a stop waits for passes that have begun, and again for events. Default 10 s.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(10);
}
