using System.CommandLine;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster down</c>.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var name = ClusterState.NameOption();
        var command = new Command("down", "Stop a cluster and delete its data.") { name };
        command.SetAction((result, cancellation) => Report.ErrorsAsync(() => RunAsync(result.GetRequiredValue(name), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(string name, CancellationToken cancellation)
    {
        if (!ClusterState.IsRunning(name))
        {
            Console.WriteLine($"cluster '{name}' is not running");
            return 0;
        }

        // The process that holds the lock wrote its id; while the lock is held the id cannot be another's.
        var state = ClusterState.Read(name) ?? throw new InvalidOperationException($"cluster '{name}' is still starting; see {ClusterState.SupervisorLog(name)}");
        Signals.Send(state.ProcessId, Signals.Terminate);
        var started = TimeProvider.System.GetTimestamp();
        while (ClusterState.IsRunning(name))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"cluster '{name}' (process {state.ProcessId}) does not stop; see {ClusterState.SupervisorLog(name)}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }

        Console.WriteLine($"cluster '{name}' is stopped");
        return 0;
    }
}
