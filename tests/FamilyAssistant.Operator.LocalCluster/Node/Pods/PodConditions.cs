using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The four conditions that a kubelet keeps; the time of a transition stays until the status changes.</summary>
internal static class PodConditions
{
    public static IList<V1PodCondition> Of(
        V1Pod pod, string phase, IReadOnlyList<V1ContainerStatus> init, IReadOnlyList<V1ContainerStatus> main, IList<V1PodCondition> before, DateTimeOffset now)
    {
        var incomplete = Names(init);
        var unready = Names(main);
        var completed = phase == PodPhases.Succeeded;
        var initialized = completed ? True("Initialized", "PodCompleted")
            : incomplete.Length == 0 ? True("Initialized")
            : False("Initialized", "ContainersNotInitialized", $"containers with incomplete status: [{incomplete}]");
        var containers = completed ? False("ContainersReady", "PodCompleted", null)
            : unready.Length == 0 && phase == PodPhases.Running ? True("ContainersReady")
            : False("ContainersReady", phase == PodPhases.Failed ? "PodFailed" : "ContainersNotReady", unready.Length == 0 ? null : $"containers with unready status: [{unready}]");
        V1PodCondition[] conditions = [initialized, Ready(pod, containers), containers, True("PodScheduled")];
        foreach (var condition in conditions)
        {
            var earlier = before.FirstOrDefault(candidate => candidate.Type == condition.Type);
            condition.LastTransitionTime = earlier?.Status == condition.Status ? earlier.LastTransitionTime : now.UtcDateTime;
        }

        return conditions;
    }

    private static V1PodCondition Ready(V1Pod pod, V1PodCondition containers)
    {
        var missing = (pod.Spec.ReadinessGates ?? [])
            .Where(gate => pod.Status?.Conditions?.Any(condition => condition.Type == gate.ConditionType && condition.Status == "True") != true)
            .Select(gate => gate.ConditionType).ToArray();
        return containers.Status == "True" && missing.Length > 0
            ? False("Ready", "ReadinessGatesNotReady", $"the status of pod readiness gate \"{missing[0]}\" is not \"True\"")
            : new V1PodCondition { Type = "Ready", Status = containers.Status, Reason = containers.Reason, Message = containers.Message };
    }

    private static string Names(IReadOnlyList<V1ContainerStatus> statuses) => string.Join(' ', statuses.Where(status => !status.Ready).Select(status => status.Name));

    private static V1PodCondition True(string type, string? reason = null) => new() { Type = type, Status = "True", Reason = reason };

    private static V1PodCondition False(string type, string reason, string? message) => new() { Type = type, Status = "False", Reason = reason, Message = message };
}
