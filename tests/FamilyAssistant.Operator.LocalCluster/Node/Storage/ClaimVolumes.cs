using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Storage;

/// <summary>Finds the folder of a bound claim: of a volume that was made here, or of one that somebody made by hand with <c>hostPath</c> or <c>local</c>.</summary>
internal sealed class ClaimVolumes(NodeWatches watches) : IClaimVolumes
{
    public string? FolderOf(string @namespace, string claim)
    {
        var found = watches.Claims.Find(@namespace, claim);
        return found?.Status?.Phase == "Bound" && watches.Volumes.Find(null, found.Spec.VolumeName) is { } volume ? Folder(volume.Spec) : null;
    }

    private static string? Folder(V1PersistentVolumeSpec volume)
    {
        if (volume.HostPath is { Type: "DirectoryOrCreate" } made)
        {
            Directory.CreateDirectory(made.Path);
        }

        return volume.HostPath?.Path ?? volume.Local?.Path;
    }
}
