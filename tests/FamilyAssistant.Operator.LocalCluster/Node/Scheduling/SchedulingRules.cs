using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>
/// Decides as kube-scheduler would for a cluster of one node: claims, cordon, taints, node selector and affinity, required affinity to pods, capacity.
/// Not looked at: anti-affinity between pods, topology spread, host ports (each pod has an address of its own), preemption.
/// </summary>
internal static class SchedulingRules
{
    private const string CordonTaint = "node.kubernetes.io/unschedulable";

    public static SchedulingDecision Decide(V1Pod pod, SchedulingPicture picture)
    {
        if (picture.Node is null)
        {
            return new SchedulingDecision.Unschedulable("no nodes available to schedule pods");
        }

        var claims = ClaimNames(pod).Select(name => (Name: name, Claim: picture.Claim(name))).ToList();
        if (claims.Select(claim => ObstacleOf(claim.Name, claim.Claim, picture)).FirstOrDefault(obstacle => obstacle is not null) is { } missing)
        {
            return Wait(missing);
        }

        if (Obstacle(pod, picture.Node, picture.Bound) is { } reason)
        {
            return Wait(reason);
        }

        var unbound = claims.Select(claim => claim.Claim!).Where(claim => !IsBound(claim)).ToList();
        return unbound.Count > 0 ? new SchedulingDecision.Provision(unbound) : new SchedulingDecision.Bind();
    }

    private static SchedulingDecision.Unschedulable Wait(string reason) => new($"0/1 nodes are available: {reason}.");

    private static IEnumerable<string> ClaimNames(V1Pod pod) => (pod.Spec.Volumes ?? [])
        .Select(volume => volume.Ephemeral is not null ? $"{pod.Metadata.Name}-{volume.Name}" : volume.PersistentVolumeClaim?.ClaimName)
        .OfType<string>();

    private static string? ObstacleOf(string name, V1PersistentVolumeClaim? claim, SchedulingPicture picture) => claim switch
    {
        null => $"persistentvolumeclaim \"{name}\" not found",
        { Metadata.DeletionTimestamp: not null } => $"persistentvolumeclaim \"{name}\" is being deleted",
        { Status.Phase: "Lost" } => $"persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{claim.Spec.VolumeName}\"",
        _ when !IsBound(claim) && !picture.WaitsForConsumer(claim.Spec.StorageClassName ?? "") => "pod has unbound immediate PersistentVolumeClaims",
        _ => null,
    };

    private static bool IsBound(V1PersistentVolumeClaim claim) => claim.Status?.Phase == "Bound";

    /// <summary>The first filter that fails names the reasons, as in kube-scheduler.</summary>
    private static string? Obstacle(V1Pod pod, V1Node node, IReadOnlyCollection<V1Pod> bound)
    {
        var tolerations = pod.Spec.Tolerations ?? [];
        if (node.Spec?.Unschedulable == true && !Tolerates(tolerations, new V1Taint { Key = CordonTaint, Effect = "NoSchedule" }))
        {
            return "1 node(s) were unschedulable";
        }

        // A cordon has been looked at by its field; the taint that a controller adds for it comes later and goes later.
        var taint = node.Spec?.Taints?.FirstOrDefault(taint => taint.Effect != "PreferNoSchedule" && taint.Key != CordonTaint && !Tolerates(tolerations, taint));
        if (taint is not null)
        {
            return $"1 node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}";
        }

        if (!NodeAffinity.Matches(pod.Spec, node))
        {
            return "1 node(s) didn't match Pod's node affinity/selector";
        }

        if (!PodAffinity.Matches(pod, node, bound))
        {
            return "1 node(s) didn't match pod affinity rules";
        }

        var missing = PodRequests.Insufficient(pod, node, bound).Order(StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? null : string.Join(", ", missing.Select(reason => $"1 {reason}"));
    }

    private static bool Tolerates(IEnumerable<V1Toleration> tolerations, V1Taint taint) => tolerations.Any(toleration =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (string.IsNullOrEmpty(toleration.Key) ? toleration.OperatorProperty == "Exists" : toleration.Key == taint.Key)
        && (toleration.OperatorProperty == "Exists" || (toleration.Value ?? "") == (taint.Value ?? "")));
}
