using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>Addresses and names of pods. Pods share this machine's network: each has an address of its own in 127.0.0.0/8.</summary>
internal interface IPodNetwork
{
    /// <summary>Reserves an address for a pod and starts to keep its hosts file up to date; the same answer for the same pod until <see cref="Detach"/>.</summary>
    PodAttachment Attach(V1Pod pod);

    /// <summary>Frees the address; the pod's processes are gone.</summary>
    void Detach(string podUid);
}

/// <summary>What a pod gets of the network.</summary>
/// <param name="Address">Its address, <c>status.podIP</c>.</param>
/// <param name="HostsFile">
/// To be mounted over <c>/etc/hosts</c>: the pod's own name, every Service as its namespace sees it, pods of headless Services. It is rewritten in place (same
/// inode) while the pod runs, so a mount of it stays current.
/// </param>
internal sealed record PodAttachment(string Address, string HostsFile);
