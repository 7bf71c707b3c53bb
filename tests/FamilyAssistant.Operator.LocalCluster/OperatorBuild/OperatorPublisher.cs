using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>How the operator is compiled.</summary>
public enum OperatorFlavour
{
    /// <summary>For the machine's .NET runtime; seconds to build.</summary>
    Jit,

    /// <summary>Native code, as the image ships; minutes to build.</summary>
    Aot,
}

/// <summary>Publishes the operator into the cache, once per content of its sources.</summary>
public static class OperatorPublisher
{
    /// <summary>Name of the executable in the published folder.</summary>
    public const string Executable = "family-assistant-operator";

    private static readonly string[] SourceRoots = ["src/FamilyAssistant.Operator.Api", "src/FamilyAssistant.Operator.Runtime", "src/FamilyAssistant.Operator"];

    /// <summary>The folder of the published operator; builds it when these sources have not been built before.</summary>
    public static async Task<string> PublishAsync(OperatorFlavour flavour, Action<string> progress, CancellationToken cancellation = default)
    {
        var repository = RepositoryRoot.Find();
        var key = $"{flavour.ToString().ToLowerInvariant()}-{Fingerprint(repository)}";
        var target = Path.Combine(CacheFolders.Root, "operator", key);
        // One lock for each: a build of seconds does not wait for one of minutes.
        using var _ = await FileLock.AcquireAsync(target + ".lock", progress, cancellation);
        if (File.Exists(Path.Combine(target, Executable)))
        {
            return target;
        }

        progress($"publishing the operator ({flavour})");
        var unfinished = target + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var code = await CommandRunner.StreamAsync("dotnet", Arguments(repository, flavour, unfinished), null, progress, cancellation);
        if (code != 0)
        {
            throw new InvalidOperationException($"dotnet publish of the operator ended with code {code}");
        }

        Directory.Move(unfinished, target);
        Directory.Delete(Intermediate(unfinished), recursive: true);
        return target;
    }

    /// <summary>Intermediate files go to a folder of their own, so that a publish and a build of the solution never share an obj folder.</summary>
    private static IEnumerable<string> Arguments(string repository, OperatorFlavour flavour, string target)
    {
        string[] common =
        [
            "publish", Path.Combine(repository, "src", "FamilyAssistant.Operator"),
            "-c", "Release", "-o", target, $"--artifacts-path={Intermediate(target)}",
            "--nologo", "-nodeReuse:false", "-v:minimal",
            // The build of the solution examines the code; here that would only double the time.
            "-p:RunAnalyzers=false",
        ];
        return flavour == OperatorFlavour.Jit
            ? [.. common, "-p:PublishAot=false"]
            : [.. common, "-p:PublishAot=true", "-p:StripSymbols=true", .. SearchPath.Find("clang") is null ? ["-p:CppCompilerAndLinker=gcc"] : Array.Empty<string>(), "--use-current-runtime"];
    }

    private static string Intermediate(string target) => target + ".obj";

    private static string Fingerprint(string repository)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = SourceRoots
            .SelectMany(root => Directory.EnumerateFiles(Path.Combine(repository, root), "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Concat(["Directory.Build.props", "Directory.Packages.props", "global.json"])
            .Select(file => Path.IsPathRooted(file) ? Path.GetRelativePath(repository, file) : file)
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(File.ReadAllBytes(Path.Combine(repository, file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
