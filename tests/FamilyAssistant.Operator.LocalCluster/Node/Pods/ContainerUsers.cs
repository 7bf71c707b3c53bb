using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Who a container runs as.</summary>
internal static class ContainerUsers
{
    /// <exception cref="ContainerConfigException">It would be root and must not be.</exception>
    public static SandboxUser Of(V1Pod pod, V1Container container, LocalImage image)
    {
        var ofPod = pod.Spec.SecurityContext;
        var own = container.SecurityContext;
        var asked = own?.RunAsUser ?? ofPod?.RunAsUser;
        var uid = asked ?? image.User;
        if ((own?.RunAsNonRoot ?? ofPod?.RunAsNonRoot) == true && uid == 0)
        {
            var where = $"(pod: \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\", container: {container.Name})";
            throw new ContainerConfigException(
                asked is null ? $"container has runAsNonRoot and image will run as root {where}" : $"container's runAsUser breaks non-root policy {where}");
        }

        // As in a container runtime: a user that the image does not know, and that nobody gave a group, is in the group of root.
        var gid = own?.RunAsGroup ?? ofPod?.RunAsGroup ?? (asked is null || asked == image.User ? image.User : 0);
        long[] groups = [.. (ofPod?.SupplementalGroups ?? []).Select(group => group ?? 0), .. ofPod?.FsGroup is { } fsGroup ? [fsGroup] : Array.Empty<long>()];
        return new SandboxUser(uid, gid, [.. groups.Distinct()], own?.Capabilities?.Drop?.Contains("ALL") == true);
    }
}
