using System.Collections.Frozen;
using System.Reflection;
using FamilyAssistant.Operator.Api.Schema;
using k8s.Models;

namespace FamilyAssistant.Operator.CrdGenerator.Reflection;

/// <summary>
/// What the client library's types do not say about themselves: which members a pod must have, and bounds. Kubernetes sets no bounds on
/// affinities and tolerations; without any, one instance could hold megabytes, and no CEL rule near them would be affordable.
/// </summary>
internal static class BuiltInModels
{
    private const int MaxItems = 32;

    /// <summary>A label key: prefix of 253, slash, name of 63.</summary>
    private const int MaxKeyLength = 317;

    private static readonly FrozenSet<(Type, string)> Required = new[]
    {
        (typeof(V1NodeSelector), nameof(V1NodeSelector.NodeSelectorTerms)),
        (typeof(V1NodeSelectorRequirement), nameof(V1NodeSelectorRequirement.Key)),
        (typeof(V1NodeSelectorRequirement), nameof(V1NodeSelectorRequirement.OperatorProperty)),
        (typeof(V1LabelSelectorRequirement), nameof(V1LabelSelectorRequirement.Key)),
        (typeof(V1LabelSelectorRequirement), nameof(V1LabelSelectorRequirement.OperatorProperty)),
        (typeof(V1PodAffinityTerm), nameof(V1PodAffinityTerm.TopologyKey)),
        (typeof(V1PreferredSchedulingTerm), nameof(V1PreferredSchedulingTerm.Preference)),
        (typeof(V1PreferredSchedulingTerm), nameof(V1PreferredSchedulingTerm.Weight)),
        (typeof(V1WeightedPodAffinityTerm), nameof(V1WeightedPodAffinityTerm.PodAffinityTerm)),
        (typeof(V1WeightedPodAffinityTerm), nameof(V1WeightedPodAffinityTerm.Weight)),
    }.ToFrozenSet();

    private static readonly FrozenDictionary<(Type, string), SchemaAttribute> Special = new Dictionary<(Type, string), SchemaAttribute>
    {
        [(typeof(V1Toleration), nameof(V1Toleration.Effect))] = Words("NoSchedule", "PreferNoSchedule", "NoExecute", ""),
        [(typeof(V1Toleration), nameof(V1Toleration.OperatorProperty))] = Words("Exists", "Equal", "Lt", "Gt", ""),
        [(typeof(V1NodeSelectorRequirement), nameof(V1NodeSelectorRequirement.OperatorProperty))] = Words("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
        [(typeof(V1LabelSelectorRequirement), nameof(V1LabelSelectorRequirement.OperatorProperty))] = Words("In", "NotIn", "Exists", "DoesNotExist"),
        [(typeof(V1PreferredSchedulingTerm), nameof(V1PreferredSchedulingTerm.Weight))] = new() { Minimum = 1, Maximum = 100 },
        [(typeof(V1WeightedPodAffinityTerm), nameof(V1WeightedPodAffinityTerm.Weight))] = new() { Minimum = 1, Maximum = 100 },
        [(typeof(V1PodAffinityTerm), nameof(V1PodAffinityTerm.TopologyKey))] = new() { MinLength = 1, MaxLength = MaxKeyLength },
    }.ToFrozenDictionary();

    public static bool IsRequired(PropertyInfo member) => Required.Contains((member.DeclaringType!, member.Name));

    public static SchemaAttribute Bounds(PropertyInfo member)
    {
        if (member.DeclaringType!.Namespace != "k8s.Models")
            return new SchemaAttribute();
        return Special.GetValueOrDefault((member.DeclaringType, member.Name))
            ?? new SchemaAttribute { MaxLength = MaxKeyLength, MaxItems = MaxItems, MaxProperties = MaxItems };
    }

    private static SchemaAttribute Words(params string[] words) =>
        new() { MaxLength = words.Max(w => w.Length), Pattern = $"^({string.Join('|', words)})$" };
}
