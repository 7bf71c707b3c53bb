using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.Benchmarks.Output;

/// <summary>Where and when it was measured: figures of different machines are not to be compared, ratios are.</summary>
internal static class Machine
{
    /// <summary>The facts; without a server none of Kubernetes.</summary>
    public static JsonObject Describe(KubeVersion? server) => new()
    {
        ["date"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        ["processors"] = Environment.ProcessorCount,
        ["memoryMiB"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString(),
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["kubernetes"] = server?.ToString(),
    };
}
