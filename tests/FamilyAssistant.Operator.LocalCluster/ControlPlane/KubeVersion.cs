using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>A Kubernetes version, for example of <c>v1.20.2</c>.</summary>
public sealed partial record KubeVersion(int Major, int Minor, string Text)
{
    /// <summary>Reads a version from <c>gitVersion</c> or from the output of <c>kube-apiserver --version</c>.</summary>
    public static KubeVersion Parse(string text)
    {
        var match = Pattern().Match(text);
        return match.Success
            ? new KubeVersion(int.Parse(match.Groups[1].ValueSpan), int.Parse(match.Groups[2].ValueSpan), match.Value)
            : throw new FormatException($"no Kubernetes version in '{text.Trim()}'");
    }

    /// <summary>Asks a program for its version.</summary>
    public static async Task<KubeVersion> OfProgramAsync(string program, CancellationToken cancellation)
    {
        using var process = ProcessSpawner.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true });
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return Parse(output);
    }

    /// <summary>Whether this is the given minor version of Kubernetes 1 or a later one.</summary>
    public bool IsAtLeast(int minor) => Major > 1 || (Major == 1 && Minor >= minor);

    /// <inheritdoc/>
    public override string ToString() => Text;

    [GeneratedRegex(@"v(\d+)\.(\d+)[0-9A-Za-z.+-]*")]
    private static partial Regex Pattern();
}
