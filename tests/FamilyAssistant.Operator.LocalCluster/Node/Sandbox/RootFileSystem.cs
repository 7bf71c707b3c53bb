using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

/// <summary>
/// The mounts of a sandbox, as arguments of bwrap: an empty root in memory, the machine's programs, the image, the volumes. A mount point that the image
/// lacks cannot be made in a folder that is mounted read-only: such a folder is laid out anew, entry by entry, with room for the mount point.
/// </summary>
internal static class RootFileSystem
{
    private static readonly string[] Folders = ["/home", "/mnt", "/opt", "/root", "/srv", "/var", "/var/lib", "/var/log"];
    private static readonly string[] Scratch = ["/tmp", "/run", "/var/tmp"];

    public static IEnumerable<string> Arguments(SandboxSpec spec)
    {
        SandboxMount[] mounts = [.. spec.Mounts.Select(Normalized).OrderBy(mount => mount.ContainerPath.Count(c => c == '/')), new(spec.HostsFile, "/etc/hosts", ReadOnly: true)];
        string[] points = [.. mounts.Select(mount => mount.ContainerPath)];
        return
        [
            .. Base(spec.ReadOnlyRoot),
            .. spec.WorkingDirectory == "/" ? (string[])[] : ["--dir", spec.WorkingDirectory],
            // bwrap would make missing folders on the way to a mount point for root alone.
            .. points.Concat(spec.ImageMounts.Select(layer => layer.ContainerPath)).SelectMany(Parents).Distinct().SelectMany(folder => new[] { "--dir", folder }),
            .. new[] { new ImageMount("/usr", "/usr"), new ImageMount("/etc", "/etc") }.Concat(spec.ImageMounts).SelectMany(layer => Layer(layer.HostPath, layer.ContainerPath, points)),
            .. mounts.SelectMany(mount => new[] { mount.ReadOnly ? "--ro-bind" : "--bind", mount.HostPath, mount.ContainerPath }),
            .. spec.ReadOnlyRoot ? (string[])["--remount-ro", "/"] : [],
        ];
    }

    private static IEnumerable<string> Base(bool readOnly) =>
    [
        .. ((string[])["bin", "sbin", "lib", "lib32", "lib64"]).SelectMany(SystemFolder),
        "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/dev/shm",
        .. Folders.SelectMany(folder => new[] { "--dir", folder }),
        .. Scratch.SelectMany(folder => new[] { "--perms", "1777", readOnly ? "--dir" : "--tmpfs", folder }),
        "--symlink", "../run", "/var/run",
    ];

    private static string[] SystemFolder(string name)
    {
        var folder = new DirectoryInfo("/" + name);
        return !folder.Exists ? [] : folder.LinkTarget is { } target ? ["--symlink", target, folder.FullName] : ["--ro-bind", folder.FullName, folder.FullName];
    }

    private static IEnumerable<string> Layer(string host, string container, IReadOnlyList<string> points)
    {
        string[] missing = [.. points.Where(point => IsBelow(point, container) && !Exists(host + point[container.Length..]))];
        if (missing.Length == 0)
        {
            return ["--ro-bind", host, container];
        }

        return
        [
            "--dir", container,
            .. new DirectoryInfo(host).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal).SelectMany(entry => Entry(entry, $"{container}/{entry.Name}", missing)),
        ];
    }

    private static IEnumerable<string> Entry(FileSystemInfo entry, string container, string[] points) => entry switch
    {
        { LinkTarget: { } target } => ["--symlink", target, container],
        DirectoryInfo => Layer(entry.FullName, container, points),
        _ => ["--ro-bind", entry.FullName, container],
    };

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>/var/run is a link: what is mounted below it is mounted below its target.</summary>
    private static SandboxMount Normalized(SandboxMount mount)
    {
        var path = "/" + mount.ContainerPath.Trim('/');
        return mount with { ContainerPath = IsBelow(path, "/var/run") ? path["/var".Length..] : path };
    }
}
