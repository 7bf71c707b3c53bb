using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.LocalCluster.Images;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>A published operator as the image that <c>deploy/</c> names.</summary>
public static class OperatorImage
{
    /// <summary>The image's repository; every tag and digest of it is the published operator.</summary>
    public const string Repository = "ghcr.io/family-assistant/operator";

    private const string Folder = "/app";

    /// <summary>User of the image, as in the Dockerfile.</summary>
    private const int NonRoot = 65532;

    /// <summary>Makes the image of a folder that <see cref="OperatorPublisher"/> (or <c>dotnet publish</c>) wrote.</summary>
    public static LocalImage Create(string publishedFolder)
    {
        if (!File.Exists(Path.Combine(publishedFolder, OperatorPublisher.Executable)))
        {
            throw new InvalidOperationException($"{publishedFolder} has no {OperatorPublisher.Executable}: publish the operator into it first");
        }

        // A framework-dependent build needs the runtime that this program itself runs on; native code ignores it.
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new LocalImage
        {
            Reference = Repository,
            Digest = "sha256:" + Hash(publishedFolder),
            Mounts = runtime.StartsWith("/usr/", StringComparison.Ordinal)
                ? [new ImageMount(publishedFolder, Folder)]
                : [new ImageMount(publishedFolder, Folder), new ImageMount(runtime, runtime)],
            Entrypoint = [$"{Folder}/{OperatorPublisher.Executable}"],
            Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = runtime, ["DOTNET_EnableDiagnostics"] = "0" },
            User = NonRoot,
        };
    }

    private static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file) + "\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
