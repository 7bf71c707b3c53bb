using FamilyAssistant.Operator.LocalCluster.Node.Volumes;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>What the containers of one pod share.</summary>
/// <param name="Pod">The pod as last seen.</param>
/// <param name="Network">Its address and names.</param>
/// <param name="Volumes">Its volumes, set up.</param>
/// <param name="Folder">Its folder on this machine.</param>
internal sealed record PodScene(V1Pod Pod, PodAttachment Network, PodVolumes Volumes, string Folder);
