using FamilyAssistant.Operator.LocalCluster.Node;

namespace FamilyAssistant.Operator.LocalCluster;

/// <summary>What a local cluster consists of.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Folder for everything the cluster writes. Default: a new temporary folder, deleted when the cluster is disposed.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether pods run (as processes, on the node agent). Default: yes.</summary>
    public bool NodeAgent { get; init; } = true;

    /// <summary>How the node behaves. Default: as a kubelet does by default.</summary>
    public NodeAgentOptions Node { get; init; } = new();

    /// <summary>Whether a PostgreSQL outside the cluster runs, for instances with an external database. Default: yes.</summary>
    public bool Postgres { get; init; } = true;

    /// <summary>Whether the stand-in for Telegram's Bot API runs. Default: yes.</summary>
    public bool Telegram { get; init; } = true;

    /// <summary>
    /// Folder with the published operator (<c>dotnet publish src/FamilyAssistant.Operator -o FOLDER</c>); it becomes the image that <c>deploy/</c> names.
    /// Default: none, and the operator's Deployment then cannot pull its image.
    /// </summary>
    public string? OperatorImage { get; init; }

    /// <summary>Gets lines about what happens, at least every ten seconds while something takes long. Default: nowhere.</summary>
    public Action<string> Progress { get; init; } = static _ => { };
}
