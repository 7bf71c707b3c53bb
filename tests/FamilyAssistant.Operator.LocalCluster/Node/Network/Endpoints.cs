using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>
/// Which pods are behind a Service. The cluster's own answer, Endpoints, does not exist here: the API refuses loopback addresses in it.
/// </summary>
internal static class Endpoints
{
    /// <summary>The pods that a Service sends to; none for a Service without a selector.</summary>
    public static IEnumerable<V1Pod> Of(V1Service service, IEnumerable<V1Pod> pods)
    {
        var selector = service.Spec.Selector;
        return selector is null || selector.Count == 0
            ? []
            : pods.Where(pod => pod.Metadata.NamespaceProperty == service.Metadata.NamespaceProperty && Matches(selector, pod.Metadata.Labels) && Takes(service, pod));
    }

    /// <summary>The port of a pod that a port of a Service means; null when the pod has none of that name.</summary>
    public static int? TargetPort(V1ServicePort port, V1Pod pod)
    {
        var target = port.TargetPort?.Value;
        if (string.IsNullOrEmpty(target))
        {
            return port.Port;
        }

        return int.TryParse(target, out var number)
            ? number
            : pod.Spec.Containers.SelectMany(container => container.Ports ?? []).FirstOrDefault(own => own.Name == target && own.Protocol is null or "TCP")?.ContainerPort;
    }

    private static bool Matches(IDictionary<string, string> selector, IDictionary<string, string>? labels)
        => selector.All(wanted => labels?.TryGetValue(wanted.Key, out var value) == true && value == wanted.Value);

    private static bool Takes(V1Service service, V1Pod pod)
        => pod is { Status: { PodIP.Length: > 0, Phase: not ("Succeeded" or "Failed") } status }
            && (service.Spec.PublishNotReadyAddresses == true
                || (pod.Metadata.DeletionTimestamp is null && status.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true));
}
