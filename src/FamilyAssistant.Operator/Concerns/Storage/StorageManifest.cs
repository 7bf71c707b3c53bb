using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>The claim of the data volume. It has no owner reference: family documents outlive a mistaken <c>kubectl delete</c>.</summary>
internal static class StorageManifest
{
    public static Manifest Claim(ObjectKey instance, StorageSpec spec, StoragePlan.Ensure plan) => ManifestOf.Model(
        ResourceTypes.PersistentVolumeClaim,
        new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta
            {
                Name = plan.Name,
                NamespaceProperty = instance.Namespace,
                Labels = Components.Labels(instance.Name, Components.App),
            },
            Spec = new V1PersistentVolumeClaimSpec
            {
                // An adopted claim may allow more than it is asked for; its list is immutable as a whole.
                AccessModes = plan.Claim is { AccessModes.Count: > 0 } claim ? [.. claim.AccessModes] : [spec.AccessMode.ToString()],
                StorageClassName = spec.StorageClassName,
                Resources = new V1VolumeResourceRequirements
                {
                    Requests = new Dictionary<string, ResourceQuantity> { [DataClaim.StorageResource] = plan.Size },
                },
            },
        });
}
