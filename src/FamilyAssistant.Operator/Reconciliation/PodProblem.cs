using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A state of a pod that does not pass by waiting, or not soon, with what the pod itself says of it.</summary>
/// <param name="Reason">Reason of a condition, from <see cref="PodReasons"/>.</param>
/// <param name="Message">Pod, container and cause, at most <see cref="MaxMessage"/> characters. Never a log line or a termination message: the application logs its database password.</param>
internal sealed record PodProblem(string Reason, string Message)
{
    /// <summary>One or two restarts may come of a database that was late.</summary>
    private const int ManyRestarts = 3;

    /// <summary>Longest message, in characters.</summary>
    public const int MaxMessage = 512;

    /// <summary>The first problem of a pod; null when it is well or still on its way. A pod that is terminating has none.</summary>
    public static PodProblem? Of(V1Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return null;
        }

        return Unschedulable(pod) ?? Failed(pod) ?? Statuses(pod).Select(status => OfContainer(pod, status)).FirstOrDefault(problem => problem is not null);
    }

    private static PodProblem? Unschedulable(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" }) is { } condition
            ? New(PodReasons.Unschedulable, $"Pod {pod.Metadata.Name} has no node: {condition.Message}")
            : null;

    private static PodProblem? Failed(V1Pod pod) => pod.Status is { Phase: "Failed" } status
        ? New(PodReasons.PodFailed, $"Pod {pod.Metadata.Name} failed: {status.Reason} {status.Message}".TrimEnd())
        : null;

    private static IEnumerable<V1ContainerStatus> Statuses(V1Pod pod) => [.. pod.Status?.InitContainerStatuses ?? [], .. pod.Status?.ContainerStatuses ?? []];

    private static PodProblem? OfContainer(V1Pod pod, V1ContainerStatus status)
    {
        var waiting = status.State?.Waiting;
        var where = $"Pod {pod.Metadata.Name}, container {status.Name}: ";
        return waiting?.Reason switch
        {
            "ErrImagePull" or "ImagePullBackOff" or "ErrImageNeverPull" or "InvalidImageName" or "ImageInspectError" or "RegistryUnavailable" =>
                New(PodReasons.ImagePullFailed, $"{where}image {status.Image}: {waiting.Message ?? waiting.Reason}"),
            "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" =>
                New(PodReasons.ContainerConfigError, $"{where}{waiting.Message ?? waiting.Reason}"),
            "CrashLoopBackOff" => New(PodReasons.CrashLoop, where + Ending(pod, status)),
            _ when IsTryingAgain(status) => New(PodReasons.CrashLoop, where + Ending(pod, status)),
            _ => null,
        };
    }

    /// <summary>Between two back-offs of a crash loop the container runs for a moment: the condition would go to and fro with it.</summary>
    private static bool IsTryingAgain(V1ContainerStatus status) =>
        status is { Ready: false, RestartCount: >= ManyRestarts, LastState.Terminated: not null } && status.Started != true;

    private static string Ending(V1Pod pod, V1ContainerStatus status)
    {
        var ended = status.LastState?.Terminated;
        var how = ended is null ? "it ends again and again" : $"it ended with exit code {ended.ExitCode} ({ended.Reason})";
        return $"{how}, {status.RestartCount} restarts. See kubectl logs {pod.Metadata.Name} -c {status.Name} --previous.";
    }

    private static PodProblem New(string reason, string message) =>
        new(reason, message.Length <= MaxMessage ? message : message[..(MaxMessage - 1)] + "…");
}
