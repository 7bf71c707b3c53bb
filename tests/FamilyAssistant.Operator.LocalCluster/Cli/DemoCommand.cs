using System.CommandLine;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster demo</c>: a cluster, the operator and two instances with one bot, of which one runs at a time.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Check what is shown, clean up and end, instead of staying until Ctrl-C." };
        var command = new Command("demo", "Bring up a cluster, the operator and two instances with one bot: one runs, and the other one when the first is deleted.") { check };
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
            using var demo = new Demo(cluster, Progress);
            try
            {
                var (running, waiting) = await demo.BringUpAsync(cancellation);
                var checks = new DemoChecks(cluster, running, waiting, Progress);
                await demo.ShowAsync("get", "fai", "-n", Demo.Namespace);
                Progress($"{waiting.Name} says: {waiting.ClaimMessage}");
                if (check)
                {
                    await checks.BeforeHandOverAsync(cancellation);
                    await demo.ShowAsync("describe", "fai", "-n", Demo.Namespace, waiting.Name);
                }

                await demo.HandOverAsync(running, waiting, cancellation);
                await demo.ShowAsync("get", "fai,statefulsets,pods", "-n", Demo.Namespace);
                if (check)
                {
                    await checks.AfterHandOverAsync(cancellation);
                    Progress("cleaning up");
                }
                else
                {
                    await demo.ExplainAsync(waiting, running, cancellation);
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
