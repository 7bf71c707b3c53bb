using System.Text.Json;
using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>
/// A cluster that the command line started, as other runs of the command line see it. The process that runs it holds a lock while it lives, so
/// "is it running" needs no trust in a process id.
/// </summary>
internal sealed record ClusterState
{
    private const string DefaultName = "default";

    /// <summary>The process that runs the cluster.</summary>
    public required int ProcessId { get; init; }

    public required string Kubeconfig { get; init; }

    public required string Server { get; init; }

    public required string ServerVersion { get; init; }

    /// <summary>Further lines for people: what runs beside the control plane.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public static System.CommandLine.Option<string> NameOption() => new("--name")
    {
        Description = "Which cluster; several run beside each other.",
        DefaultValueFactory = _ => DefaultName,
    };

    public static string Folder(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && name.Length is > 0 and < 40
        ? Path.Combine(CacheFolders.Clusters, name)
        : throw new ProvisioningException($"'{name}' is not a cluster name: letters, digits and '-', at most 39");

    public static string SupervisorLog(string name) => Path.Combine(CacheFolders.Clusters, name + ".log");

    /// <summary>Takes the lock of the process that runs the cluster; null when another one holds it.</summary>
    public static FileStream? TryLock(string name)
    {
        Directory.CreateDirectory(CacheFolders.Clusters);
        try
        {
            return new FileStream(Path.Combine(CacheFolders.Clusters, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static bool IsRunning(string name)
    {
        using var held = TryLock(name);
        return held is null;
    }

    /// <summary>What the running cluster wrote once it was ready; null before that.</summary>
    public static ClusterState? Read(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<ClusterState>(File.ReadAllText(StateFile(name)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Write(string name)
    {
        var temporary = StateFile(name) + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this));
        File.Move(temporary, StateFile(name), overwrite: true);
    }

    private static string StateFile(string name) => Path.Combine(Folder(name), "state.json");
}
