using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace FamilyAssistant.Operator.LocalCluster.Images;

/// <summary>The files of an image, by path, with a digest that depends on nothing but them and on <paramref name="Configuration"/>.</summary>
/// <param name="Files">Relative path, with slashes, to content.</param>
/// <param name="Configuration">What else makes the image what it is (entry point, user, environment), as text.</param>
internal sealed record ImageContent(ImmutableSortedDictionary<string, byte[]> Files, string Configuration)
{
    /// <summary>Reads a folder; <paramref name="keep"/> decides by relative path.</summary>
    public static ImmutableSortedDictionary<string, byte[]> ReadFolder(string folder, Func<string, bool> keep) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Path: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .Where(entry => !entry.Path.Contains("__pycache__", StringComparison.Ordinal) && keep(entry.Path))
            .ToImmutableSortedDictionary(entry => entry.Path, entry => File.ReadAllBytes(entry.File), StringComparer.Ordinal);

    /// <summary><c>sha256:…</c></summary>
    public string Digest { get; } = ComputeDigest(Files, Configuration);

    /// <summary>Writes the files to a folder named after the digest, once, readable for every user, and returns the folder.</summary>
    public string Materialize(string parent)
    {
        var target = Path.Combine(parent, Digest["sha256:".Length..][..16]);
        if (Directory.Exists(target))
        {
            return target;
        }

        // Complete or not there at all: another process may look at the same moment.
        var temporary = Path.Combine(parent, $".{Path.GetRandomFileName()}");
        foreach (var (path, content) in Files)
        {
            var file = Path.Combine(temporary, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!, ReadableFolder);
            File.WriteAllBytes(file, content);
            File.SetUnixFileMode(file, IsProgram(path, content) ? ReadableFolder : ReadableFile);
        }

        try
        {
            Directory.Move(temporary, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(temporary, recursive: true);
        }

        return target;
    }

    private const UnixFileMode ReadableFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ReadableFolder = ReadableFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static bool IsProgram(string path, byte[] content) =>
        content.AsSpan().StartsWith("#!"u8) && (path.StartsWith("bin/", StringComparison.Ordinal) || path.EndsWith(".sh", StringComparison.Ordinal));

    private static string ComputeDigest(ImmutableSortedDictionary<string, byte[]> files, string configuration)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files.Append(new("", Encoding.UTF8.GetBytes(configuration))))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
