using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>A claim on a folder that is there already, as an administrator makes one for a disk that outlived its cluster. Its content is never deleted.</summary>
internal static class AdoptedVolume
{
    public static async Task CreateAsync(IKubernetes client, string @namespace, string claim, string folder, string size, CancellationToken cancellation)
    {
        var name = $"adopted-{@namespace}-{claim}";
        await client.CoreV1.CreatePersistentVolumeAsync(Volume(name, @namespace, claim, folder, size), cancellationToken: cancellation);
        await client.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(Claim(claim, name, size), @namespace, cancellationToken: cancellation);
    }

    private static V1PersistentVolume Volume(string name, string @namespace, string claim, string folder, string size) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PersistentVolumeSpec
        {
            Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) },
            AccessModes = ["ReadWriteOnce"],
            StorageClassName = "",
            PersistentVolumeReclaimPolicy = "Retain",
            HostPath = new V1HostPathVolumeSource { Path = folder, Type = "Directory" },
            ClaimRef = new V1ObjectReference { ApiVersion = "v1", Kind = "PersistentVolumeClaim", NamespaceProperty = @namespace, Name = claim },
        },
    };

    private static V1PersistentVolumeClaim Claim(string name, string volume, string size) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1PersistentVolumeClaimSpec
        {
            // An empty name is no class at all; without it the default one would make a new volume.
            StorageClassName = "",
            VolumeName = volume,
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
        },
    };
}
