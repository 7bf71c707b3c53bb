using System.Diagnostics;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>The process that runs a cluster until it is told to stop.</summary>
internal static class Supervisor
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the cluster in this process until Ctrl-C or SIGTERM.</summary>
    public static async Task<int> RunAsync(string name, LocalClusterOptions options, CancellationToken cancellation)
    {
        await using var only = ClusterState.TryLock(name);
        if (only is null)
        {
            throw new InvalidOperationException($"cluster '{name}' is running already; stop it with: localcluster down --name {name}");
        }

        var folder = ClusterState.Folder(name);
        DeleteFolder(folder);
        Directory.CreateDirectory(folder);
        try
        {
            await using var cluster = await Cluster.StartAsync(options, cancellation);
            var state = new ClusterState
            {
                ProcessId = Environment.ProcessId,
                Kubeconfig = cluster.Access.KubeconfigFile,
                Server = cluster.Access.Server.GetLeftPart(UriPartial.Authority),
                ServerVersion = cluster.Capabilities.ServerVersion.Text,
                Details = Details(cluster, options),
            };
            state.Write(name);
            Report.Usage(name, state);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Report.Progress("stopped");
        }
        finally
        {
            DeleteFolder(folder);
        }

        return 0;
    }

    /// <summary>Starts a process of its own that runs the cluster, shows its progress, and returns once the cluster is ready.</summary>
    public static async Task<int> StartInBackgroundAsync(string name, LocalClusterOptions options, CancellationToken cancellation)
    {
        if (ClusterState.IsRunning(name))
        {
            throw new InvalidOperationException($"cluster '{name}' is running already; see: localcluster status");
        }

        DeleteFolder(ClusterState.Folder(name));
        var log = ClusterState.SupervisorLog(name);
        await File.WriteAllTextAsync(log, "", cancellation);
        using var process = Process.Start(Detached(log, SupervisorArguments(name, options))) ?? throw new InvalidOperationException("the supervisor did not start");
        using var progress = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (true)
        {
            var hasExited = process.HasExited;
            Report.Progress((await progress.ReadToEndAsync(cancellation)).TrimEnd('\n'));
            if (ClusterState.Read(name) is { } state)
            {
                Report.Usage(name, state);
                return 0;
            }

            if (hasExited)
            {
                throw new InvalidOperationException($"the cluster did not start; its log is {log}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }
    }

    private static List<string> Details(Cluster cluster, LocalClusterOptions options)
    {
        var details = new List<string>();
        if (options.Postgres)
        {
            // The throw-away server's password is of no worth, and without it nobody can use the server.
            var postgres = cluster.Postgres;
            details.Add($"PostgreSQL outside the cluster: postgresql://{postgres.SuperUser}:{postgres.SuperPassword}@{postgres.Host}:{postgres.Port}/postgres");
        }

        if (options.Telegram)
        {
            details.Add($"Telegram's Bot API, a stand-in: {cluster.Telegram.BaseAddress}");
        }

        return details;
    }

    private static ProcessStartInfo Detached(string log, IEnumerable<string> arguments)
    {
        // A session of its own, so that neither Ctrl-C nor the end of the terminal reaches it. What it has to say of its result is said here, by us.
        var start = new ProcessStartInfo("/bin/sh");
        string[] command = ["-c", "log=$1; shift; exec setsid \"$@\" >/dev/null 2>>\"$log\" </dev/null", "sh", log, .. Self(), .. arguments];
        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string[] Self()
    {
        var executable = Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own path");
        return Path.GetFileNameWithoutExtension(executable) == "dotnet" ? [executable, Path.Combine(AppContext.BaseDirectory, "localcluster.dll")] : [executable];
    }

    private static IEnumerable<string> SupervisorArguments(string name, LocalClusterOptions options)
    {
        yield return "up";
        yield return "--foreground";
        yield return "--name";
        yield return name;
        if (!options.NodeAgent)
        {
            yield return "--no-node";
        }

        if (!options.Postgres)
        {
            yield return "--no-postgres";
        }

        if (!options.Telegram)
        {
            yield return "--no-telegram";
        }

        if (options.OperatorImage is not null)
        {
            yield return "--operator-image";
            yield return options.OperatorImage;
        }
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
