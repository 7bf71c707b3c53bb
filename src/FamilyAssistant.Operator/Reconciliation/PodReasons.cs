namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reasons that a pod's state gives to a condition. See docs/conditions.md.</summary>
internal static class PodReasons
{
    /// <summary>The node cannot pull the image: wrong name, missing pull secret, or the registry does not answer.</summary>
    public const string ImagePullFailed = "ImagePullFailed";

    /// <summary>The container ends again and again; its log says why.</summary>
    public const string CrashLoop = "CrashLoop";

    /// <summary>The container cannot be made: something that it refers to is missing or refused.</summary>
    public const string ContainerConfigError = "ContainerConfigError";

    /// <summary>No node takes the pod: resources, selectors, taints, or a volume that cannot be bound.</summary>
    public const string Unschedulable = "Unschedulable";

    /// <summary>The pod ended for good, for example by eviction.</summary>
    public const string PodFailed = "PodFailed";
}
