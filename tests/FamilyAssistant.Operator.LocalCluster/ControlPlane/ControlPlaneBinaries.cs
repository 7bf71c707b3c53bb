namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>The programs of a control plane and where they came from.</summary>
/// <param name="Etcd">Path of <c>etcd</c>.</param>
/// <param name="ApiServer">Path of <c>kube-apiserver</c>.</param>
/// <param name="ControllerManager">Path of <c>kube-controller-manager</c>; null when the set has none (the envtest archives do not).</param>
/// <param name="Kubectl">Path of <c>kubectl</c>.</param>
/// <param name="Source">A few words for people: which way of provisioning found them.</param>
public sealed record ControlPlaneBinaries(string Etcd, string ApiServer, string? ControllerManager, string Kubectl, string Source);
