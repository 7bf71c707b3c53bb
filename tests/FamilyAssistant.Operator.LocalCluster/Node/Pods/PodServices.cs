using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>What every pod of the node works with.</summary>
internal sealed record PodServices
{
    /// <summary>The node's name.</summary>
    public required string NodeName { get; init; }

    /// <summary>The node's address, <c>status.hostIP</c>.</summary>
    public required string NodeAddress { get; init; }

    /// <summary>One folder per pod in it, by UID.</summary>
    public required string Folder { get; init; }

    public required IKubernetes Client { get; init; }

    public required ImagePuller Images { get; init; }

    public required IPodNetwork Network { get; init; }

    public required IClaimVolumes Claims { get; init; }

    public required IPodObjects Objects { get; init; }

    public required ContainerEnvironment Environment { get; init; }

    public required PodEvents Events { get; init; }

    public required ContainerRunHistory History { get; init; }

    public PodHolds Holds { get; } = new();

    public required NodeAgentOptions Options { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Gets a line for what goes wrong in the node itself.</summary>
    public required Action<string> Log { get; init; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public BackOff NewBackOff() => new(Options.BackOff, Options.LongestBackOff);
}
