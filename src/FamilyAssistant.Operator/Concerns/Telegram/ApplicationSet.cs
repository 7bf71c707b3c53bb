using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>How many pods the application's StatefulSet has and wants.</summary>
/// <param name="Replicas">Wanted pods.</param>
/// <param name="IsAtZero">Whether it wants none, and its controller has seen that and counts none.</param>
internal sealed record ApplicationSet(int Replicas, bool IsAtZero)
{
    /// <summary>Reads it; null when there is none, or a stranger's: its pods are not this instance's.</summary>
    public static ApplicationSet? Of(ClusterObject? source, ClusterObject instance)
    {
        if (source is null or { Json.IsEmpty: true } || !IsOf(source, instance))
        {
            return null;
        }

        var model = source.Read<V1StatefulSet>();
        var replicas = model.Spec?.Replicas ?? 1;

        // One that is being deleted starts no pods any more.
        return new ApplicationSet(replicas, source.IsTerminating || (replicas == 0 && (model.Status?.ObservedGeneration ?? 0) >= source.Generation && (model.Status?.Replicas ?? 0) == 0));
    }

    private static bool IsOf(ClusterObject source, ClusterObject instance) => source.ControllerUid is { } owner
        ? owner == instance.Uid
        : source.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue && source.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance.Key.Name;
}
