using System.Net;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>Who this cluster's node is.</summary>
internal sealed record NodeSettings
{
    /// <summary>Port of the kubelet endpoint, the usual one: each cluster's node has an address of its own.</summary>
    public const int KubeletPort = 10250;

    /// <summary>Name of the Node object.</summary>
    public string Name { get; init; } = "local";

    /// <summary>Address of the node, where its kubelet endpoint listens.</summary>
    public IPAddress Address => Range.NodeAddress;

    /// <summary>Where the API server listens.</summary>
    public required Uri ApiServer { get; init; }

    /// <summary>The node reports the server's version as its own.</summary>
    public required KubeVersion Version { get; init; }

    /// <summary>Where the addresses of the node and its pods are.</summary>
    public required LoopbackRange Range { get; init; }

    /// <summary>Folder for everything the node writes.</summary>
    public required string DataDirectory { get; init; }
}
