using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>A pod's required affinity to other pods. With one node all pods are in the same topology, if the node has the label of that name.</summary>
internal static class PodAffinity
{
    public static bool Matches(V1Pod pod, V1Node node, IReadOnlyCollection<V1Pod> bound)
    {
        var terms = pod.Spec.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];
        return terms.All(term => node.Metadata.Labels?.ContainsKey(term.TopologyKey) == true)
            && (terms.All(term => bound.Any(other => Matches(term, pod, other))) || IsFirstOfItsKind(pod, terms, bound));
    }

    /// <summary>As in kube-scheduler: the first of several pods that want to be together need not wait for the others.</summary>
    private static bool IsFirstOfItsKind(V1Pod pod, IList<V1PodAffinityTerm> terms, IReadOnlyCollection<V1Pod> bound)
        => terms.All(term => Matches(term, pod, pod)) && !terms.Any(term => bound.Any(other => Matches(term, pod, other)));

    private static bool Matches(V1PodAffinityTerm term, V1Pod pod, V1Pod other)
        => (term.Namespaces is { Count: > 0 } namespaces ? namespaces.Contains(other.Metadata.NamespaceProperty) : other.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty)
            && Matches(term.LabelSelector, other.Metadata.Labels ?? new Dictionary<string, string>());

    /// <summary>No selector matches no pod, an empty one every pod.</summary>
    private static bool Matches(V1LabelSelector? selector, IDictionary<string, string> labels) => selector is not null
        && (selector.MatchLabels ?? new Dictionary<string, string>()).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && (selector.MatchExpressions ?? []).All(wanted => Matches(wanted, labels.TryGetValue(wanted.Key, out var value) ? value : null));

    private static bool Matches(V1LabelSelectorRequirement wanted, string? value) => wanted.OperatorProperty switch
    {
        "In" => value is not null && wanted.Values.Contains(value),
        "NotIn" => value is null || !wanted.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };
}
