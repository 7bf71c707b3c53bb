using System.CommandLine;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary><c>localcluster status</c>: exit code 0 when a cluster runs, 3 when none does (as for a service that is not running).</summary>
internal static class StatusCommand
{
    private const int NotRunning = 3;

    public static Command Create()
    {
        var command = new Command("status", "Say which clusters run.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var names = Directory.Exists(CacheFolders.Clusters)
            ? Directory.GetFiles(CacheFolders.Clusters, "*.lock").Select(file => Path.GetFileNameWithoutExtension(file)).Where(ClusterState.IsRunning).Order().ToList()
            : [];
        foreach (var name in names)
        {
            if (ClusterState.Read(name) is { } state)
            {
                Report.Usage(name, state);
            }
            else
            {
                Console.WriteLine($"cluster '{name}' is starting or stopping; see {ClusterState.SupervisorLog(name)}");
            }
        }

        if (names.Count > 0)
        {
            return 0;
        }

        Console.WriteLine("no cluster is running; start one with: localcluster up");
        return NotRunning;
    }
}
