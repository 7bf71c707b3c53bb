namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>Reasons of <c>StorageReady</c>. See docs/conditions.md.</summary>
internal static class StorageReasons
{
    /// <summary>True: the data volume is bound.</summary>
    public const string Bound = "VolumeBound";

    /// <summary>True: the claim exists; its volume is made or bound when the first pod uses it.</summary>
    public const string WaitsForFirstPod = "WaitsForFirstPod";

    /// <summary>True: the volume is growing; the pod may have to be restarted for the file system to follow.</summary>
    public const string Growing = "VolumeGrowing";

    /// <summary>The claim that <c>spec.storage.existingClaim</c> names does not exist.</summary>
    public const string ClaimNotFound = "ClaimNotFound";

    /// <summary>The volume behind the claim is gone.</summary>
    public const string ClaimLost = "ClaimLost";

    /// <summary>Somebody deleted the claim while a pod uses it: the data goes when the pod does.</summary>
    public const string ClaimTerminating = "ClaimTerminating";

    /// <summary>The spec asks for less than the claim has.</summary>
    public const string CannotShrink = "CannotShrink";

    /// <summary>The spec asks for another storage class or access mode than the claim has.</summary>
    public const string Immutable = "VolumeImmutable";

    /// <summary>More than one replica on a volume that only one node can mount.</summary>
    public const string AccessModeMismatch = "AccessModeMismatch";

    /// <summary>The API server refuses to let the claim grow, usually because its storage class does not allow it.</summary>
    public const string ExpansionRefused = "ExpansionRefused";
}
