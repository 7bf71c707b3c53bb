using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The phase of a pod by the states of its containers, as a kubelet decides it.</summary>
internal static class PodPhases
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    public static string Of(string restartPolicy, IReadOnlyList<V1ContainerStatus> init, IReadOnlyList<V1ContainerStatus> main)
    {
        if (init.FirstOrDefault(status => !status.Ready) is { } open)
        {
            return restartPolicy == "Never" && Ended(open) is { ExitCode: not 0 } ? Failed : Pending;
        }

        if (main.Any(status => status.State.Running is null && Ended(status) is null))
        {
            return Pending;
        }

        if (main.Any(status => status.State.Running is not null || status.State.Waiting is not null) || restartPolicy == "Always")
        {
            return Running;
        }

        return main.All(status => Ended(status)!.ExitCode == 0) ? Succeeded : restartPolicy == "Never" ? Failed : Running;
    }

    public static bool IsTerminal(string? phase) => phase is Succeeded or Failed;

    /// <summary>The end of a container that does not run: its own state, or its last one while it waits for the next run.</summary>
    private static V1ContainerStateTerminated? Ended(V1ContainerStatus status) => status.State.Terminated ?? status.LastState?.Terminated;
}
