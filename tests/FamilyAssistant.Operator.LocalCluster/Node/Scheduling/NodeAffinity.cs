using System.Globalization;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>A pod's <c>nodeSelector</c> and required node affinity against the labels of a node.</summary>
internal static class NodeAffinity
{
    public static bool Matches(V1PodSpec pod, V1Node node)
    {
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        var terms = pod.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms;
        return (pod.NodeSelector ?? new Dictionary<string, string>()).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (terms is null || terms.Any(term => Matches(term, labels, node.Metadata.Name)));
    }

    /// <summary>A term without any requirement matches nothing.</summary>
    private static bool Matches(V1NodeSelectorTerm term, IDictionary<string, string> labels, string name)
    {
        var expressions = term.MatchExpressions ?? [];
        var fields = term.MatchFields ?? [];
        return expressions.Count + fields.Count > 0
            && expressions.All(wanted => Matches(wanted, labels.TryGetValue(wanted.Key, out var value) ? value : null))
            && fields.All(wanted => Matches(wanted, wanted.Key == "metadata.name" ? name : null));
    }

    private static bool Matches(V1NodeSelectorRequirement wanted, string? value) => wanted.OperatorProperty switch
    {
        "In" => value is not null && wanted.Values.Contains(value),
        "NotIn" => value is null || !wanted.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Number(value) is { } number && number > Number(wanted.Values[0]),
        "Lt" => Number(value) is { } number && number < Number(wanted.Values[0]),
        _ => false,
    };

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
