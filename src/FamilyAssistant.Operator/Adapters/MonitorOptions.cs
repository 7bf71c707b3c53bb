using System.Net;

namespace FamilyAssistant.Operator.Adapters;

/// <summary>What the monitors may do.</summary>
internal sealed record MonitorOptions
{
    /// <summary>Whether instances may name databases on loopback addresses. Default false: in a pod that would be the operator itself.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Address and port of the API server as pods know it; never dialled for an instance. Null when it is not known.</summary>
    public IPEndPoint? ApiServer { get; init; }

    /// <summary>Namespaces that the operator looks after; empty (default): all.</summary>
    public IReadOnlyList<string> WatchNamespaces { get; init; } = [];

    /// <summary>Time between two looks at the log of a container that polls without trouble. Default 10 minutes; zero: only after a start and with a reason.</summary>
    public TimeSpan TelegramLogInterval { get; init; } = TimeSpan.FromMinutes(10);
}
