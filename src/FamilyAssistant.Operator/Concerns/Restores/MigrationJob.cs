using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>How the Job of the migration is. It runs the application's image, which reports nothing: the exit code of its container is all that counts. Pure.</summary>
internal static class MigrationJob
{
    /// <summary>Reads it. Null: it ended, and nobody knows how, because its pod was lost.</summary>
    /// <param name="job">The Job, which is the restore's own.</param>
    /// <param name="pods">Its pods.</param>
    public static ToolState? Of(ClusterObject job, IEnumerable<ClusterObject> pods)
    {
        var conditions = job.Read<V1Job>().Status?.Conditions ?? [];
        if (conditions.Any(condition => condition is { Type: "Complete", Status: "True" }))
        {
            return new ToolState.Succeeded(new ToolResult { Outcome = ToolOutcome.Succeeded });
        }

        if (!conditions.Any(condition => condition is { Type: "Failed", Status: "True" }))
        {
            return new ToolState.Running("Brings the schema to the head of the image.");
        }

        var ended = pods.Where(pod => pod.ControllerUid == job.Uid)
            .Select(pod => pod.Read<V1Pod>().Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == ToolJob.Container)?.State?.Terminated)
            .FirstOrDefault(state => state is not null);

        // 128 and more: a signal, which is not the program's own end.
        return ended is { ExitCode: > 0 and < 128 }
            ? new ToolState.Failed(
                RestoreReasons.MigrationFailed,
                $"alembic upgrade head ended with exit code {ended.ExitCode} in the instance's image. The Job stays, and its log says why (kubectl logs job/{job.Key.Name}); restore with an image that knows the revision of the set.")
            : null;
    }
}
