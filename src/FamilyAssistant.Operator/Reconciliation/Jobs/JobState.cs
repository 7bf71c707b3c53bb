using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation.Jobs;

/// <summary>
/// How a Job is. Only its conditions say that it has ended; what came of it says only the result in a termination message. One without the other is a pod that was lost. Pure.
/// </summary>
internal abstract record JobState
{
    /// <summary>Of the words of a container runtime.</summary>
    private const int RuntimeMessageLimit = 300;

    private JobState()
    {
    }

    /// <summary>There is none of that name.</summary>
    internal sealed record Missing : JobState;

    /// <summary>Somebody else has the name.</summary>
    /// <param name="Message">What is in the way, and what to do about it.</param>
    internal sealed record Foreign(string Message) : JobState;

    /// <summary>It runs, or waits for its pod.</summary>
    /// <param name="Problem">Why its pod does not start or go on; null: nothing is known to be wrong.</param>
    internal sealed record Running(PodProblem? Problem) : JobState;

    /// <summary>It has done what it was made for.</summary>
    /// <param name="Result">What it reported.</param>
    /// <param name="Pod">Its pod, whose log is still there.</param>
    internal sealed record Succeeded(ToolResult Result, ObjectKey Pod) : JobState;

    /// <summary>It ended with a reason; the same again would end in the same way.</summary>
    /// <param name="Result">What it reported.</param>
    internal sealed record Failed(ToolResult Result) : JobState;

    /// <summary>It ended without a result: its pod was evicted, killed or deleted, or its node went away. Another one may be tried.</summary>
    /// <param name="Message">What is known of the end, as a sentence.</param>
    internal sealed record Lost(string Message) : JobState;

    /// <summary>Its time was up.</summary>
    internal sealed record DeadlineExceeded : JobState;

    /// <summary>Reads it.</summary>
    /// <param name="owner">UID of the procedure that it must belong to.</param>
    /// <param name="source">The Job, live; null when there is none.</param>
    /// <param name="pods">The pods with its name, live, read after it.</param>
    public static JobState Of(string owner, ClusterObject? source, IEnumerable<ClusterObject> pods)
    {
        if (source is null)
        {
            return new Missing();
        }

        if (source.ControllerUid != owner)
        {
            return new Foreign($"Job {source.Key.Name} exists and does not belong to this object. Remove it.");
        }

        V1Pod[] own = [.. pods.Where(pod => pod.ControllerUid == source.Uid).Select(pod => pod.Read<V1Pod>())];
        var conditions = source.Read<V1Job>().Status?.Conditions ?? [];
        if (conditions.Any(condition => condition is { Type: "Complete", Status: "True" }))
        {
            return Reported(own, ToolOutcome.Succeeded) is (var pod, var result)
                ? new Succeeded(result, new ObjectKey(source.Key.Namespace, pod.Metadata.Name))
                : new Lost("Its pod was gone before anybody had read the result.");
        }

        if (conditions.FirstOrDefault(condition => condition is { Type: "Failed", Status: "True" }) is { } failed)
        {
            return Reported(own, ToolOutcome.Failed) is (_, var result) ? new Failed(result)
                : failed.Reason == "DeadlineExceeded" ? new DeadlineExceeded()
                : new Lost(EndOf(own));
        }

        return new Running(own.Select(PodProblem.Of).FirstOrDefault(problem => problem is not null));
    }

    /// <summary>A result counts only together with how its container ended: a message that was left behind by a process that was killed later is none.</summary>
    private static (V1Pod Pod, ToolResult Result)? Reported(IEnumerable<V1Pod> pods, ToolOutcome outcome)
    {
        foreach (var pod in pods)
        {
            if (Ended(pod) is { } ended
                && (ended.ExitCode == 0) == (outcome == ToolOutcome.Succeeded)
                && ToolResult.Parse(ended.Message) is { } result
                && result.Outcome == outcome)
            {
                return (pod, result);
            }
        }

        return null;
    }

    private static V1ContainerStateTerminated? Ended(V1Pod pod) => pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == ToolJob.Container)?.State?.Terminated;

    private static string EndOf(V1Pod[] pods) => pods.Length == 0
        ? "Its pod is gone."
        : pods.Select(pod => pod.Status?.Reason is { Length: > 0 } reason
            ? $"Pod {pod.Metadata.Name} ended: {reason}."
            : Ended(pod) is { Reason: "StartError" or "ContainerCannotRun", Message: { } message } ? $"Pod {pod.Metadata.Name} could not be started: {(message.Length <= RuntimeMessageLimit ? message : message[..RuntimeMessageLimit])}."
            : Ended(pod) is { } ended ? $"Pod {pod.Metadata.Name} ended with exit code {ended.ExitCode} ({ended.Reason}) and without a result." : $"Pod {pod.Metadata.Name} ended without a result.").First();
}
