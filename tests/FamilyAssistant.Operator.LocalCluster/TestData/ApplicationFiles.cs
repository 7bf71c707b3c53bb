using System.Security.Cryptography;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.TestData;

/// <summary>Files as they are on a data volume: documents, mail and chat attachments, with names and modes that break careless tools.</summary>
public static class ApplicationFiles
{
    private const int Owner = 1001;
    private const int LargestFile = 1 << 20;

    private static readonly string[] OddNames =
    [
        "files/plain.txt", "files/with space and ümlaut ß.pdf", "files/-rf", "files/$(id)`id`;'\".txt", "files/new\nline", "files/sub/folder/.hidden", "files/✈️ trip.md",
        "mailbox/attachments/2026/11/26/invoice.pdf", "chat_attachments/0b/0b5c.jpg",
    ];

    /// <summary>Writes about so many MiB into a folder, and some small files at least; the same size and seed give the same files. As root it gives them to the application's user.</summary>
    /// <param name="folder">Root of the data volume.</param>
    /// <param name="mebibytes">How much, from 0; bytes that do not compress, as photographs.</param>
    /// <param name="seed">Another seed gives other content under the same names.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteAsync(string folder, int mebibytes, int seed = 1, CancellationToken cancellation = default)
    {
        var random = new Random(seed);
        foreach (var name in OddNames.Concat(Enumerable.Range(0, mebibytes).Select(number => $"files/{number % 10}/photo-{number}.jpg")))
        {
            var content = new byte[name.Contains("photo", StringComparison.Ordinal) ? LargestFile : random.Next(1, 3000)];
            random.NextBytes(content);
            await WriteAsync(Path.Combine(folder, name), content, cancellation);
        }

        await WriteAsync(Path.Combine(folder, "files/empty"), [], cancellation);
        Directory.CreateDirectory(Path.Combine(folder, "files/empty folder"));
        var link = Path.Combine(folder, "files/link");
        if (!Path.Exists(link))
        {
            File.CreateSymbolicLink(link, "plain.txt");
        }

        File.SetUnixFileMode(Path.Combine(folder, "files/plain.txt"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        if (Environment.IsPrivilegedProcess)
        {
            string[] made = [.. OddNames.Select(name => name.Split('/')[0]).Distinct().Select(top => Path.Combine(folder, top))];
            (await CommandRunner.CaptureAsync("chown", ["--no-dereference", "--recursive", $"{Owner}:{Owner}", .. made], cancellation: cancellation)).OutputOrThrow("chown");
        }
    }

    /// <summary>What a folder holds: kind, rights and SHA-256 of each entry by its path, without what the operator itself keeps there (<c>.restore-…</c>, <c>.before-…</c>).</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string folder, CancellationToken cancellation = default)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(folder, entry.FullName);
            if (!path.StartsWith(".restore-", StringComparison.Ordinal) && !path.StartsWith(".before-", StringComparison.Ordinal))
            {
                found[path] = entry.LinkTarget is { } target ? $"link to {target}" : entry is DirectoryInfo ? "folder" : $"{Mode(entry)} {await HashAsync(entry.FullName, cancellation)}";
            }
        }

        return found;
    }

    /// <summary>One sentence for each entry that is not the same in both; empty when both hold the same.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> here, IReadOnlyDictionary<string, string> there) =>
    [
        .. here.Keys.Union(there.Keys).Order(StringComparer.Ordinal).Where(path => here.GetValueOrDefault(path) != there.GetValueOrDefault(path))
            .Select(path => $"{path}: {here.GetValueOrDefault(path) ?? "absent"} here, {there.GetValueOrDefault(path) ?? "absent"} there"),
    ];

    /// <summary>Rights of the owner; those of the group are the volume's to change (<c>fsGroup</c>).</summary>
    private static UnixFileMode Mode(FileSystemInfo entry) => entry.UnixFileMode & (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static async Task<string> HashAsync(string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
    }

    private static async Task WriteAsync(string file, byte[] content, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content, cancellation);
    }
}
