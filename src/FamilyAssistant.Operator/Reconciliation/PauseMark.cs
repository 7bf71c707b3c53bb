using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>The annotation that keeps the operator's hands off an instance.</summary>
internal static class PauseMark
{
    /// <summary>Whether it is in force. What was paused only so that it does not start can be deleted, also with its whole namespace.</summary>
    public static bool IsOn(ClusterObject instance) => instance.Annotations.GetValueOrDefault(WireNames.PausedAnnotation) switch
    {
        "true" => true,
        WireNames.PausedUntilDeleted => !instance.IsTerminating,
        _ => false,
    };
}
