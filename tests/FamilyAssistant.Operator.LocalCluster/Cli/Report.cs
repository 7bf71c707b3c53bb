using FamilyAssistant.Operator.LocalCluster.Provisioning;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>What the command line says: results on standard output, progress and errors on standard error.</summary>
internal static class Report
{
    public static void Progress(string lines)
    {
        if (lines.Length > 0)
        {
            Console.Error.WriteLine(lines);
        }
    }

    /// <summary>Turns what a person can mend into one message and exit code 1; anything else is a fault of ours and keeps its stack trace.</summary>
    public static async Task<int> ErrorsAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is ProvisioningException or InvalidOperationException or TimeoutException or HttpRequestException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return 1;
        }
    }

    public static void Usage(string name, ClusterState state)
    {
        Console.WriteLine($"cluster '{name}' is running: Kubernetes {state.ServerVersion} at {state.Server}");
        foreach (var detail in state.Details)
        {
            Console.WriteLine(detail);
        }

        Console.WriteLine($"use it:  export KUBECONFIG={state.Kubeconfig}");
        Console.WriteLine($"stop it: localcluster down{(name == "default" ? "" : $" --name {name}")}");
    }
}
