namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>Gives a writable volume to a pod's <c>fsGroup</c>. Only root can; on anybody else's node pods run as that somebody, who owns the volume already.</summary>
internal static class VolumeOwnership
{
    private const UnixFileMode ForGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode ForGroupFolder = ForGroup | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;

    /// <param name="folder">Root of the volume.</param>
    /// <param name="group">The group; null changes nothing.</param>
    /// <param name="policy"><c>fsGroupChangePolicy</c>: with <c>OnRootMismatch</c> a volume whose root fits is left alone.</param>
    public static void Apply(string folder, long? group, string? policy)
    {
        if (group is not { } id || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        if (policy == "OnRootMismatch" && Posix.GroupOf(folder) == id && (File.GetUnixFileMode(folder) & ForGroupFolder) == ForGroupFolder)
        {
            return;
        }

        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(folder)))
        {
            Give(entry, id);
        }
    }

    private static void Give(FileSystemInfo entry, long group)
    {
        try
        {
            Posix.ChangeGroup(entry.FullName, group);
            if (entry.LinkTarget is null)
            {
                entry.UnixFileMode |= entry is DirectoryInfo ? ForGroupFolder : ForGroup;
            }
        }
        catch (IOException) when (!Path.Exists(entry.FullName))
        {
            // Another pod works on the volume, and deletes.
        }
    }
}
