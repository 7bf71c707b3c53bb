using System.CommandLine;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster demo</c>: a cluster, the operator and one instance, from nothing to Ready.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Check what is shown, clean up and end, instead of staying until Ctrl-C." };
        var command = new Command("demo", "Bring up a cluster, the operator and one instance with its own PostgreSQL.") { check };
        command.SetAction((result, cancellation) => Report.ErrorsAsync(() => RunAsync(result.GetValue(check), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(bool check, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(ControlPlane.ExistingCluster.Variable) is { Length: > 0 })
        {
            throw new InvalidOperationException($"the demo brings its own cluster: unset {ControlPlane.ExistingCluster.Variable}");
        }

        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        void Progress(string line) => Report.Progress($"[{clock.GetElapsedTime(started).TotalSeconds,5:F1} s] {line}");
        try
        {
            await using var cluster = await Cluster.StartAsync(new LocalClusterOptions { Postgres = false, Progress = Progress }, cancellation);
            var demo = new Demo(cluster, Progress);
            try
            {
                await demo.BringUpAsync(cancellation);
                if (check)
                {
                    await new DemoChecks(cluster, Progress).RunAsync(cancellation);
                    Progress("cleaning up");
                }
                else
                {
                    await demo.ExplainAsync(cancellation);
                    await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
                }
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                Console.Error.WriteLine($"error: {e.Message}");
                await demo.DiagnoseAsync();
                return 1;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Progress("stopped");
            return check ? 1 : 0;
        }

        Progress("the demo is over: everything that it promised holds, and nothing of it is left");
        return 0;
    }
}
