namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>How the node behaves where a cluster's administrator could choose.</summary>
public sealed record NodeAgentOptions
{
    /// <summary>Delay before the second restart of a failing container and the second pull of an image; it doubles with each further one. Default: 10 seconds.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest such delay. Default: 5 minutes.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(5);
}
