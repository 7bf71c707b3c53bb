using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>What pods ask of the node's capacity.</summary>
internal static class PodRequests
{
    private static readonly string[] Counted = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>What the pod asks more of than is left, in kube-scheduler's words.</summary>
    public static IEnumerable<string> Insufficient(V1Pod pod, V1Node node, IReadOnlyCollection<V1Pod> bound)
    {
        if (bound.Count + 1 > Allocatable(node, "pods"))
        {
            yield return "Too many pods";
        }

        foreach (var resource in Counted)
        {
            var request = Of(pod, resource);
            if (request > 0 && request > Allocatable(node, resource) - bound.Sum(other => Of(other, resource)))
            {
                yield return $"Insufficient {resource}";
            }
        }
    }

    private static decimal Allocatable(V1Node node, string resource)
        => node.Status?.Allocatable?.TryGetValue(resource, out var quantity) == true ? quantity.ToDecimal() : 0;

    /// <summary>Init containers run before the others and one at a time, so the larger of both counts.</summary>
    private static decimal Of(V1Pod pod, string resource)
    {
        var running = pod.Spec.Containers.Sum(container => Of(container, resource));
        var starting = (pod.Spec.InitContainers ?? []).Select(container => Of(container, resource)).DefaultIfEmpty().Max();
        var overhead = pod.Spec.Overhead?.TryGetValue(resource, out var quantity) == true ? quantity.ToDecimal() : 0;
        return Math.Max(running, starting) + overhead;
    }

    private static decimal Of(V1Container container, string resource)
        => container.Resources?.Requests?.TryGetValue(resource, out var quantity) == true ? quantity.ToDecimal() : 0;
}
