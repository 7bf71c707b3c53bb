using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

/// <summary>What a container runs and what it sees of the machine.</summary>
internal sealed record SandboxSpec
{
    /// <summary>The pod's name.</summary>
    public required string HostName { get; init; }

    /// <summary>Mounted over <c>/etc/hosts</c>.</summary>
    public required string HostsFile { get; init; }

    /// <summary>The image's folders, read-only.</summary>
    public required IReadOnlyList<ImageMount> ImageMounts { get; init; }

    /// <summary>Volumes and single files; their mount points need not exist in the image.</summary>
    public required IReadOnlyList<SandboxMount> Mounts { get; init; }

    /// <summary>Whether everything outside of mounts is read-only.</summary>
    public bool ReadOnlyRoot { get; init; }

    public required string WorkingDirectory { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>All of it: nothing is inherited from this process.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required SandboxUser User { get; init; }
}

/// <summary>One file or folder of the machine at one place in the container.</summary>
internal sealed record SandboxMount(string HostPath, string ContainerPath, bool ReadOnly);

/// <summary>Who a container runs as.</summary>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Group id.</param>
/// <param name="Groups">Supplementary groups.</param>
/// <param name="DropCapabilities">Whether the container drops all capabilities; a user other than root has none anyway.</param>
internal sealed record SandboxUser(long Uid, long Gid, IReadOnlyList<long> Groups, bool DropCapabilities)
{
    /// <summary>
    /// The program that becomes this user and then the given command. Only root can become somebody else; everybody else runs pods as themselves. A change of the
    /// user takes away the signal that ends the process with its parent, so it is asked for again.
    /// </summary>
    public IReadOnlyList<string> Become() =>
    [
        "/usr/bin/setpriv", "--no-new-privs", "--pdeathsig", "KILL",
        .. !Environment.IsPrivilegedProcess ? (string[])[]
            : [$"--reuid={Uid}", $"--regid={Gid}", Groups.Count > 0 ? $"--groups={string.Join(',', Groups)}" : "--clear-groups"],
        .. Environment.IsPrivilegedProcess && DropCapabilities ? (string[])["--inh-caps=-all", "--bounding-set=-all"] : [],
        "--",
    ];
}
