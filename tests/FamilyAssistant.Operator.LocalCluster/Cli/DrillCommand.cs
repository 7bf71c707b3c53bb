using System.CommandLine;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster drill</c>: an instance is backed up, its cluster is lost, and another one brings it back from the volume of the sets.</summary>
internal static class DrillCommand
{
    private const int DefaultSize = 64;

    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "Clean up and end, instead of staying until Ctrl-C." };
        var size = new Option<int>("--size") { Description = $"MiB of data in the database, from 0 to 100000; an eighth of it in files. Default {DefaultSize}.", DefaultValueFactory = _ => DefaultSize };
        var command = new Command("drill", "Back up an instance, lose its cluster, bring it back on an empty one with one object, and compare every row and file.") { check, size };
        command.SetAction((result, cancellation) => Report.ErrorsAsync(() => RunAsync(result.GetValue(check), result.GetValue(size), cancellation)));
        return command;
    }

    /// <summary>The drill; 0 when all came back. With <paramref name="check"/> it ends then, otherwise it shows the second cluster until it is cancelled.</summary>
    internal static async Task<int> RunAsync(bool check, int mebibytes, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(ControlPlane.ExistingCluster.Variable) is { Length: > 0 })
        {
            throw new InvalidOperationException($"the drill brings its own clusters: unset {ControlPlane.ExistingCluster.Variable}");
        }

        if (mebibytes is < 0 or > 100_000)
        {
            throw new InvalidOperationException("--size must be a number of MiB from 0 to 100000");
        }

        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        void Progress(string line) => Report.Progress($"[{clock.GetElapsedTime(started).TotalSeconds,5:F1} s] {line}");
        var folder = Directory.CreateTempSubdirectory("drill-");
        try
        {
            return await RunAsync(folder.FullName, mebibytes, check, Progress, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Progress("stopped");
            return check ? 1 : 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, int mebibytes, bool check, Action<string> progress, CancellationToken cancellation)
    {
        var rescued = Path.Combine(folder, "rescued");
        var (before, setId) = await LoseAsync(Path.Combine(folder, "first"), rescued, mebibytes, progress, cancellation);
        await using var second = await Cluster.StartAsync(Options(Path.Combine(folder, "second"), progress), cancellation);
        using var drill = new Drill(second, progress);
        try
        {
            var clock = TimeProvider.System;
            var empty = clock.GetTimestamp();
            await drill.InstallAsync(cancellation);
            var began = clock.GetTimestamp();
            await drill.RestoreAsync(rescued, setId, cancellation);
            var restored = clock.GetElapsedTime(began);
            await drill.ShowAsync("get", "far,fai,pods,pvc", "-n", Drill.Namespace);
            var after = await DrillPicture.TakeAsync(second, Drill.Namespace, Drill.Instance, cancellation);
            var faults = DrillReport.Print(before, after, await drill.TimesAsync(cancellation), restored, clock.GetElapsedTime(empty));
            await new DrillChecks(second, progress).CheckAsync(cancellation);
            if (faults.Count > 0)
            {
                throw new InvalidOperationException($"not all came back:\n{string.Join('\n', faults)}");
            }

            if (!check)
            {
                drill.Explain();
                await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellation);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            await drill.DiagnoseAsync();
            return 1;
        }

        progress("the drill is over: every row, file, key and setting came back, and nothing of the drill is left");
        return 0;
    }

    /// <summary>The first cluster: an instance with data and a set of it. Afterwards only the folder of the set volume is left.</summary>
    private static async Task<(DrillPicture Before, string SetId)> LoseAsync(string folder, string rescued, int mebibytes, Action<string> progress, CancellationToken cancellation)
    {
        DrillPicture before;
        string setId, volume;
        await using (var first = await Cluster.StartAsync(Options(folder, progress), cancellation))
        {
            using var drill = new Drill(first, progress);
            try
            {
                await drill.InstallAsync(cancellation);
                await drill.CreateAsync(mebibytes, cancellation);
                before = await DrillPicture.TakeAsync(first, Drill.Namespace, Drill.Instance, cancellation);
                (setId, var claim) = await drill.BackUpAsync(cancellation);
                await drill.ShowAsync("get", "fab", "-n", Drill.Namespace);
                await drill.ShowAsync("describe", "fab", "-n", Drill.Namespace);
                volume = first.Node.VolumeFolder(Drill.Namespace, claim) ?? throw new InvalidOperationException($"the claim {claim} of the set has no volume");
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                await drill.DiagnoseAsync();
                throw new InvalidOperationException(e.Message, e);
            }
        }

        Directory.Move(volume, rescued);
        Directory.Delete(folder, recursive: true);
        progress($"the cluster is lost: its control plane, its nodes, its volumes; all that is left is the volume with the set {setId}");
        return (before, setId);
    }

    private static LocalClusterOptions Options(string folder, Action<string> progress) => new() { DataDirectory = Directory.CreateDirectory(folder).FullName, Postgres = false, Progress = progress };
}
