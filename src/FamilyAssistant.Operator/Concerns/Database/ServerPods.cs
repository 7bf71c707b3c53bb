using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>What the instance's pods mean for its database. Pure.</summary>
internal static class ServerPods
{
    /// <summary>Why the managed server cannot be asked yet; null when its pod is ready.</summary>
    public static StepOutcome? Obstacle(InstancePass pass)
    {
        var pods = pass.Observed.PodsOf(Components.Database).Select(pod => pod.Read<V1Pod>()).ToList();
        if (pods.Exists(IsReady))
        {
            return null;
        }

        return pods.Select(PodProblem.Of).FirstOrDefault(problem => problem is not null) is { } problem
            ? new StepOutcome.Blocked(problem.Reason, problem.Message)
            : new StepOutcome.Progressing(DatabaseReasons.Starting, $"Pod {ObjectNames.ManagedDatabase(pass.Name)}-0 of the managed PostgreSQL is starting, or recovering after a crash.");
    }

    /// <summary>
    /// Ready pods and their restarts. The server's: after a restart it is asked at once. The application's: it migrates the schema when it starts, and the revision in the status follows.
    /// </summary>
    public static string Incarnation(InstancePass pass) => string.Join(
        ' ',
        pass.Observed.Pods
            .Select(pod => pod.Read<V1Pod>())
            .Where(IsReady)
            .Select(pod => $"{pod.Metadata.Uid}:{pod.Status.ContainerStatuses?.Sum(status => status.RestartCount) ?? 0}")
            .Order(StringComparer.Ordinal));

    private static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null && pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
