using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>Volumes that are made for claims, and the marks by which controllers, provisioner and resizer find what is theirs.</summary>
internal static class VolumeObject
{
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";

    private const string SelectedNode = "volume.kubernetes.io/selected-node";

    /// <summary>The volume controller writes one of these on a claim that an external provisioner is to serve; the second is the old name.</summary>
    private static readonly string[] ProvisionerMarks = ["volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner"];

    /// <summary>Whether a claim asks for a volume of ours, now. A folder cannot be a block device: a claim for one stays pending.</summary>
    public static bool IsAsked(V1PersistentVolumeClaim claim, V1StorageClass? storageClass)
    {
        var annotations = claim.Metadata.Annotations ?? new Dictionary<string, string>();
        return claim.Metadata.DeletionTimestamp is null
            && string.IsNullOrEmpty(claim.Spec.VolumeName)
            && claim.Spec.VolumeMode != "Block"
            && storageClass?.Provisioner == StorageClasses.Provisioner
            && ProvisionerMarks.Any(mark => annotations.TryGetValue(mark, out var provisioner) && provisioner == StorageClasses.Provisioner)
            && (storageClass.VolumeBindingMode != "WaitForFirstConsumer" || annotations.ContainsKey(SelectedNode));
    }

    public static bool IsOurs(V1PersistentVolume volume)
        => volume.Metadata.Annotations?.TryGetValue(ProvisionedBy, out var provisioner) == true && provisioner == StorageClasses.Provisioner;

    /// <summary>The claim's UID makes the name: a second attempt makes no second volume.</summary>
    public static string Name(V1PersistentVolumeClaim claim) => $"pvc-{claim.Metadata.Uid}";

    public static V1PersistentVolume Build(V1PersistentVolumeClaim claim, V1StorageClass storageClass, string folder) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = Name(claim),
            Annotations = new Dictionary<string, string> { [ProvisionedBy] = StorageClasses.Provisioner },
        },
        Spec = new V1PersistentVolumeSpec
        {
            Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = claim.Spec.Resources.Requests["storage"] },
            AccessModes = claim.Spec.AccessModes,
            VolumeMode = claim.Spec.VolumeMode,
            StorageClassName = storageClass.Metadata.Name,
            PersistentVolumeReclaimPolicy = storageClass.ReclaimPolicy ?? "Delete",
            HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" },
            ClaimRef = new V1ObjectReference
            {
                ApiVersion = "v1",
                Kind = "PersistentVolumeClaim",
                Name = claim.Metadata.Name,
                NamespaceProperty = claim.Metadata.NamespaceProperty,
                Uid = claim.Metadata.Uid,
            },
        },
    };
}
