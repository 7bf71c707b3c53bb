using System.Text;
using FamilyAssistant.Operator.LocalCluster.Node.Kubelet;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>What a pod's status says of a run that is over.</summary>
internal static class ContainerEnds
{
    private const int LongestMessage = 4096;
    private const int LongestLogMessage = 2048;
    private const int LogLines = 80;

    public static V1ContainerStateTerminated Of(V1Container container, ContainerRun run, int exitCode, DateTimeOffset at)
    {
        var failure = StartFailure(run, exitCode);
        return new V1ContainerStateTerminated
        {
            ContainerID = run.Id,
            ExitCode = failure is null ? exitCode : 128,
            Reason = failure is not null ? "StartError" : exitCode == 0 ? "Completed" : "Error",
            Message = failure ?? (run.IsLost ? null : Message(container, run, exitCode)),
            StartedAt = run.StartedAt.UtcDateTime,
            FinishedAt = at.UtcDateTime,
        };
    }

    private static string? Message(V1Container container, ContainerRun run, int exitCode)
    {
        var text = Read(run.TerminationFile);
        if (text.Length == 0 && exitCode != 0 && container.TerminationMessagePolicy == "FallbackToLogsOnError")
        {
            text = string.Concat(LogFile.ReadAll(run.Log.Path).TakeLast(LogLines).Select(line => line.Text + (line.IsPart ? "" : "\n")));
            text = text.Length > LongestLogMessage ? text[^LongestLogMessage..] : text;
        }

        return text.Length == 0 ? null : text;
    }

    private static string Read(string file)
    {
        using var stream = File.OpenRead(file);
        var buffer = new byte[LongestMessage];
        return Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
    }

    /// <summary>The sandbox's own words when the program never ran: no such program, a mount that cannot be made.</summary>
    private static string? StartFailure(ContainerRun run, int exitCode)
    {
        if (exitCode is not (1 or 126 or 127) || LogFile.ReadAll(run.Log.Path) is not [.., { Stream: "stderr" } last])
        {
            return null;
        }

        const string NoProgram = "setpriv: failed to execute ";
        return last.Text.StartsWith(NoProgram, StringComparison.Ordinal) ? $"failed to create containerd task: exec: {last.Text[NoProgram.Length..]}"
            : last.Text.StartsWith("bwrap: ", StringComparison.Ordinal) ? $"failed to create containerd task: {last.Text}"
            : null;
    }
}
