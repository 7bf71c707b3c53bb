using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>Builds kube-apiserver and kube-controller-manager from Debian's source package <c>kubernetes</c>; the script beside this file does the work.</summary>
internal static partial class DebianSource
{
    /// <summary>Part of the cache key. Raise it when the script builds something else from the same source.</summary>
    public const string PatchLevel = "p1";

    /// <summary>Whether a folder of the cache was made by this recipe, whatever the version of the source was.</summary>
    public static bool IsCacheKey(string key) => CacheKey().IsMatch(key);

    /// <summary>Builds into the cache; returns the folder.</summary>
    public static async Task<string> BuildAsync(Action<string> progress, CancellationToken cancellation)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "build-control-plane.sh");
        string? folder = null;
        var exitCode = await CommandRunner.StreamAsync(
            "/bin/bash",
            [script, CacheFolders.Build, CacheFolders.ControlPlanes, PatchLevel],
            environment: null,
            line =>
            {
                const string Marker = "RESULT ";
                if (line.StartsWith(Marker, StringComparison.Ordinal))
                {
                    folder = line[Marker.Length..];
                }
                else
                {
                    progress("  " + line);
                }
            },
            cancellation);
        return exitCode == 0 && folder is not null
            ? folder
            : throw new ProvisioningException($"building the control plane from Debian's source package failed (code {exitCode}); its log is {CacheFolders.Build}/kubernetes.log");
    }

    [GeneratedRegex($@"^debian-[0-9.]+-{PatchLevel}$")]
    private static partial Regex CacheKey();
}
