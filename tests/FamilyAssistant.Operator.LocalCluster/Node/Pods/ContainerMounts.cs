using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>A container's <c>volumeMounts</c> as folders and files of this machine.</summary>
internal static class ContainerMounts
{
    public static IEnumerable<SandboxMount> Of(PodScene scene, V1Container container, IReadOnlyDictionary<string, string> environment) =>
        (container.VolumeMounts ?? []).Select(mount =>
        {
            var volume = scene.Pod.Spec.Volumes?.FirstOrDefault(candidate => candidate.Name == mount.Name)
                ?? throw new ContainerConfigException($"cannot find volume \"{mount.Name}\" to mount into container \"{container.Name}\"");
            var part = string.IsNullOrEmpty(mount.SubPathExpr) ? mount.SubPath : Expansion.Expand(mount.SubPathExpr, environment);
            return new SandboxMount(Source(scene.Volumes[mount.Name], part), mount.MountPath, mount.ReadOnlyProperty == true || IsReadOnly(volume));
        });

    private static string Source(string folder, string? part)
    {
        if (string.IsNullOrEmpty(part))
        {
            return folder;
        }

        if (Path.IsPathRooted(part) || part.Split('/').Contains(".."))
        {
            throw new ContainerConfigException($"subPath \"{part}\" must be a path inside the volume");
        }

        // As a kubelet: what is not there becomes a folder, also where a file was meant.
        var source = Path.Combine(folder, part);
        return File.Exists(source) ? source : Directory.CreateDirectory(source).FullName;
    }

    private static bool IsReadOnly(V1Volume volume) => volume.PersistentVolumeClaim is { } claim ? claim.ReadOnlyProperty == true : volume.EmptyDir is null;
}
