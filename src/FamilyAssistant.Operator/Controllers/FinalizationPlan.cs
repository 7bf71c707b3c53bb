using System.Collections.Immutable;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Which objects outlive the instance, and whose they are. Pure.</summary>
internal static class FinalizationPlan
{
    /// <summary>
    /// Objects without an owner reference: the data and what belongs to it. Passwords and keys go and stay together with the volumes that they open. A claim that the
    /// user brought (<c>existingClaim</c>) is not among them.
    /// </summary>
    public static ImmutableArray<(ResourceType Type, string Name)> Retained(string instance) =>
    [
        (ResourceTypes.PersistentVolumeClaim, ObjectNames.DataClaim(instance)),
        (ResourceTypes.PersistentVolumeClaim, ObjectNames.ManagedDatabaseClaim(instance)),
        (ResourceTypes.Secret, ObjectNames.ManagedDatabaseSecret(instance)),
        (ResourceTypes.Secret, ObjectNames.GeneratedSecret(instance)),
        (ResourceTypes.PersistentVolumeClaim, ObjectNames.BackupClaim(instance)),
    ];

    /// <summary>Whether the operator made it for an instance of this name.</summary>
    public static bool IsOurs(string instance, ClusterObject found) =>
        found.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue
        && found.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance;

    /// <summary>
    /// Whether this object goes with the instance: the policy says so, it is ours, and it is not also what <c>existingClaim</c> names. The volume of the backup sets stays in every case: it is
    /// there for the day on which the rest is gone.
    /// </summary>
    public static bool Goes(FamilyAssistantInstance instance, ClusterObject found) =>
        instance.Spec.DeletionPolicy == DeletionPolicy.Delete
        && IsOurs(instance.Metadata.Name, found)
        && found.Key.Name != ObjectNames.BackupClaim(instance.Metadata.Name)
        && found.Key.Name != instance.Spec.Storage.ExistingClaim;
}
