using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>The Deployment of the instance's name that an earlier manual installation left.</summary>
/// <param name="Source">The object as it was seen.</param>
/// <param name="WantsPods">Whether it would start pods, or may not have ended them yet.</param>
/// <param name="PodSelector">Selector of its pods in the string form of a list request.</param>
internal sealed record ManualInstallation(ClusterObject Source, bool WantsPods, string PodSelector)
{
    /// <summary>Reads it; null when there is none.</summary>
    public static ManualInstallation? Of(ClusterObject? source)
    {
        if (source is null)
        {
            return null;
        }

        var spec = source.Read<V1Deployment>().Spec;
        return new ManualInstallation(source, !source.IsTerminating && (spec?.Replicas ?? 1) > 0, Text(spec?.Selector) ?? DefaultSelector(source.Key.Name));
    }

    /// <summary>Selector of the documented manual installation.</summary>
    public static string DefaultSelector(string instance) => $"{WireNames.AppLabel}={instance}";

    /// <summary>Whether a pod that matches is neither this instance's own nor over: it may still poll, or write to the volume.</summary>
    public static bool StillRuns(ClusterObject pod, string instance)
    {
        var isOwn = pod.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance
            && pod.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue;
        return !isOwn && pod.Read<V1Pod>().Status?.Phase is not ("Succeeded" or "Failed");
    }

    private static string? Text(V1LabelSelector? selector)
    {
        IEnumerable<string> terms =
        [
            .. (selector?.MatchLabels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"),
            .. (selector?.MatchExpressions ?? []).Select(Term),
        ];
        return terms.Any() ? string.Join(',', terms) : null;
    }

    private static string Term(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        "DoesNotExist" => "!" + requirement.Key,
        _ => requirement.Key,
    };
}
