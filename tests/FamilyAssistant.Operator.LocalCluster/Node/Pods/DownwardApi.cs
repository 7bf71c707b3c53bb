using System.Text.Json;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Fields of a pod and resources of its containers, as environment variables and files show them.</summary>
internal static class DownwardApi
{
    private const decimal AllCores = 2;
    private const decimal AllMemory = 4m * 1024 * 1024 * 1024;

    public static string Field(V1Pod pod, string path, PodIps addresses) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.NamespaceProperty,
        "metadata.uid" => pod.Metadata.Uid,
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "",
        "status.podIP" or "status.podIPs" => addresses.Pod,
        "status.hostIP" or "status.hostIPs" => addresses.Host,
        _ => Keyed(path, "metadata.labels", pod.Metadata.Labels) ?? Keyed(path, "metadata.annotations", pod.Metadata.Annotations)
            ?? throw new ContainerConfigException($"unsupported fieldPath: {path}"),
    };

    public static string Resource(V1Pod pod, string container, V1ResourceFieldSelector selector)
    {
        var of = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(candidate => candidate.Name == (selector.ContainerName ?? container))
            ?? throw new ContainerConfigException($"container {selector.ContainerName} not found");
        var (kind, name) = selector.Resource.Split('.', 2) is [var first, var second] ? (first, second) : throw new ContainerConfigException($"unsupported container resource : {selector.Resource}");
        var amounts = kind == "limits" ? of.Resources?.Limits : of.Resources?.Requests;
        // A container without a limit may use the whole node.
        var amount = amounts?.TryGetValue(name, out var quantity) == true ? quantity.ToDecimal() : kind != "limits" ? 0 : name == "cpu" ? AllCores : AllMemory;
        var divisor = selector.Divisor?.ToDecimal() is { } given and > 0 ? given : 1;
        return decimal.Ceiling(amount / divisor).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Lines(IDictionary<string, string>? values) =>
        string.Join('\n', (values ?? new Dictionary<string, string>()).OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => $"{value.Key}={JsonSerializer.Serialize(value.Value)}"));

    private static string? Keyed(string path, string map, IDictionary<string, string>? values) =>
        path.StartsWith(map + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? (values ?? new Dictionary<string, string>()).TryGetValue(path[(map.Length + 2)..^2], out var value) ? value : ""
            : null;
}

/// <summary>The addresses of a pod and of its node.</summary>
internal sealed record PodIps(string Pod, string Host);
