namespace FamilyAssistant.Operator.LocalCluster.Node.Volumes;

/// <summary>
/// A folder whose files change all at once, laid out as a kubelet's: <c>file → ..data/file</c>, <c>..data → ..TIME</c>, and the content in <c>..TIME</c>.
/// </summary>
internal static class AtomicFolder
{
    private const string Current = "..data";
    private const UnixFileMode FolderMode = (UnixFileMode)0b111_101_101;

    /// <summary>Makes these the files of the folder; nothing happens when they are already.</summary>
    /// <param name="folder">Made when it is missing.</param>
    /// <param name="files">All that it is to hold.</param>
    /// <param name="group">Group that gets to read all of them; null: nobody in particular.</param>
    /// <param name="now">Becomes part of the name of a folder.</param>
    public static void Write(string folder, IReadOnlyList<VolumeFile> files, long? group, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder, FolderMode);
        if (IsCurrent(folder, files))
        {
            return;
        }

        var previous = new DirectoryInfo(Path.Combine(folder, Current)).LinkTarget;
        var version = $"..{now:yyyy_MM_dd_HH_mm_ss}.{Guid.NewGuid().ToString("N")[..9]}";
        WriteVersion(Path.Combine(folder, version), files, group);
        var link = Path.Combine(folder, "..data_tmp");
        Directory.CreateSymbolicLink(link, version);
        Posix.Rename(link, Path.Combine(folder, Current));
        LinkEntries(folder, [.. files.Select(file => file.Path.Split('/')[0]).Distinct()]);
        if (previous is not null)
        {
            Directory.Delete(Path.Combine(folder, previous), recursive: true);
        }
    }

    private static bool IsCurrent(string folder, IReadOnlyList<VolumeFile> files)
    {
        var data = new DirectoryInfo(Path.Combine(folder, Current));
        return data.Exists && Directory.EnumerateFiles(data.ResolveLinkTarget(true)!.FullName, "*", SearchOption.AllDirectories).Count() == files.Count
            && files.All(file => Path.Combine(data.FullName, file.Path) is var path && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content));
    }

    private static void WriteVersion(string folder, IReadOnlyList<VolumeFile> files, long? group)
    {
        Directory.CreateDirectory(folder, FolderMode);
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, FolderMode);
            File.WriteAllBytes(path, file.Content);
            if (group is { } id && Environment.IsPrivilegedProcess)
            {
                Posix.ChangeGroup(path, id);
            }

            File.SetUnixFileMode(path, (UnixFileMode)(file.Mode | (group is null ? 0 : 0b100_100_000)));
        }
    }

    private static void LinkEntries(string folder, string[] entries)
    {
        foreach (var name in entries)
        {
            if (new FileInfo(Path.Combine(folder, name)).LinkTarget is null)
            {
                File.CreateSymbolicLink(Path.Combine(folder, name), $"{Current}/{name}");
            }
        }

        foreach (var old in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith("..", StringComparison.Ordinal) && !entries.Contains(entry.Name)))
        {
            old.Delete();
        }
    }
}
