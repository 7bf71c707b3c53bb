using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>How the operator is compiled.</summary>
public enum OperatorFlavour
{
    /// <summary>For the machine's .NET runtime; seconds to build.</summary>
    Jit,

    /// <summary>Native code, as the Dockerfile says and from no other files than it copies; minutes to build.</summary>
    Aot,
}

/// <summary>Publishes the operator into the cache, once per content of its sources.</summary>
public static class OperatorPublisher
{
    /// <summary>Name of the executable in the published folder.</summary>
    public const string Executable = "family-assistant-operator";

    private const string Output = "publish";

    private static readonly string[] SourceRoots = ["src/FamilyAssistant.Operator.Api", "src/FamilyAssistant.Operator.Runtime", "src/FamilyAssistant.Operator"];

    /// <summary>What the publish of a folder printed.</summary>
    public static string LogOf(string folder) => folder + ".log";

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
        var unfinished = new DirectoryInfo(target + ".new");
        Delete(unfinished);
        try
        {
            unfinished.Create();
            await using var log = File.CreateText(LogOf(target));
            void Keep(string line)
            {
                log.WriteLine(line);
                progress(line);
            }

            var code = await CommandRunner.StreamAsync("dotnet", await ArgumentsAsync(repository, flavour, unfinished.FullName, progress, cancellation), null, Keep, cancellation);
            if (code != 0)
            {
                throw new InvalidOperationException($"dotnet publish of the operator ended with code {code}");
            }

            Directory.Move(Path.Combine(unfinished.FullName, Output), target);
            return target;
        }
        finally
        {
            Delete(unfinished);
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Intermediate files go to a folder of their own, so that a publish and a build of the solution never share an obj folder.</summary>
    private static async Task<IEnumerable<string>> ArgumentsAsync(string repository, OperatorFlavour flavour, string folder, Action<string> progress, CancellationToken cancellation)
    {
        var output = Path.Combine(folder, Output);
        // The build of the solution examines the code; here that would only double the time.
        string[] common = ["--nologo", "-nodeReuse:false", "-v:minimal", "-p:RunAnalyzers=false"];
        if (flavour == OperatorFlavour.Jit)
        {
            return ["publish", Path.Combine(repository, "src", "FamilyAssistant.Operator"), "-c", "Release", "-o", output, .. common, $"--artifacts-path={Path.Combine(folder, "obj")}", "-p:PublishAot=false"];
        }

        await new AptInstaller(progress).EnsureAsync(SystemPackage.ForNativeCode, cancellation);
        var sources = Path.Combine(folder, "source");
        var dockerfile = OperatorDockerfile.Read(repository);
        dockerfile.StageSources(repository, sources);
        var platform = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        return
        [
            .. dockerfile.PublishArguments.Select(word => word == "$rid" ? platform : word == dockerfile.Output ? output : word.StartsWith("src/", StringComparison.Ordinal) ? Path.Combine(sources, word) : word),
            .. common,
            .. SearchPath.Find("clang") is null ? ["-p:CppCompilerAndLinker=gcc"] : Array.Empty<string>(),
        ];
    }

    private static string Fingerprint(string repository)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = SourceRoots
            .SelectMany(root => OperatorDockerfile.SourceFiles(Path.Combine(repository, root)))
            .Concat(["Directory.Build.props", "Directory.Packages.props", "global.json", OperatorDockerfile.FileName])
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
