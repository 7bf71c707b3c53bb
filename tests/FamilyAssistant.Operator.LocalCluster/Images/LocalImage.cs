namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>A container image as this cluster knows it: folders of this machine, mounted read-only, and the usual image configuration.</summary>
public sealed record LocalImage
{
    /// <summary>The reference that was asked for, for example <c>ghcr.io/werdnum/family-assistant:20260222_031455</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>Stable digest of what would run, <c>sha256:…</c>; it appears in <c>status.containerStatuses[].imageID</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Folders mounted read-only into the container, besides the machine's own <c>/usr</c>, <c>/etc</c> and libraries.</summary>
    public IReadOnlyList<ImageMount> Mounts { get; init; } = [];

    /// <summary>The image's ENTRYPOINT; a container's <c>command</c> replaces it.</summary>
    public required IReadOnlyList<string> Entrypoint { get; init; }

    /// <summary>The image's CMD; a container's <c>args</c> (or its <c>command</c>) replace it.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The image's ENV; a container's own variables win.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The image's WORKDIR.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The image's USER (uid, also used as gid); a security context's <c>runAsUser</c> wins.</summary>
    public int User { get; init; }
}

/// <summary>One folder of the machine at one place in the container.</summary>
public sealed record ImageMount(string HostPath, string ContainerPath);
