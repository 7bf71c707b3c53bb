using System.Text.Json;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>The operator and the sample instance on a cluster.</summary>
internal sealed class Demo(Cluster cluster, Action<string> progress)
{
    /// <summary>Namespace and name of the instance in <c>deploy/samples/minimal-managed.yaml</c>.</summary>
    public const string Name = "family-assistant";

    private const string Sample = "deploy/samples/minimal-managed.yaml";
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(5);

    /// <summary>The pod of the instance.</summary>
    public static string Pod => $"{Name}-0";

    public async Task BringUpAsync(CancellationToken cancellation)
    {
        await cluster.InstallOperatorAsync(new OperatorInstallOptions { Progress = progress }, cancellation);
        progress($"kubectl apply -f {Sample}");
        (await cluster.KubectlAsync("apply", "-f", Path.Combine(RepositoryRoot.Find(), Sample))).OutputOrThrow($"kubectl apply -f {Sample}");
        using var client = cluster.CreateClient();
        await Waiting.ForAsync("the instance to become Ready", () => LookAsync(client, cancellation), ReadyLimit, progress, cancellation);
    }

    /// <summary>Says how to look at it.</summary>
    public async Task ExplainAsync(CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        var pod = await client.CoreV1.ReadNamespacedPodAsync(Pod, Name, cancellationToken: cancellation);
        Console.WriteLine(
            $"""

            An instance of Family Assistant runs on Kubernetes {cluster.Capabilities.ServerVersion} on this machine. In another terminal:

              export KUBECONFIG={cluster.Access.KubeconfigFile}
              kubectl get fai -A
              kubectl describe fai -n {Name} {Name}
              kubectl logs -n {OperatorInstall.Namespace} deployment/{OperatorInstall.Name}
              curl http://{pod.Status.PodIP}:8000/health

            The application: http://{pod.Status.PodIP}:8000/
            Telegram's Bot API, a stand-in: {cluster.Telegram.BaseAddress}
            Ctrl-C ends and deletes all of it.

            """);
    }

    /// <summary>After a failure: what the objects, the pods and the operator say.</summary>
    public async Task DiagnoseAsync()
    {
        await SayAsync("get", "fai,sts,pods,pvc,svc", "-A", "-o", "wide");
        await SayAsync("describe", "fai", "-A");
        await SayAsync("describe", "pods", "-n", Name);
        await SayAsync("get", "events", "-A", "--sort-by=.lastTimestamp");
        foreach (var pod in (await cluster.KubectlAsync("get", "pods", "-n", Name, "-o", "name")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SayAsync("logs", "-n", Name, pod, "--all-containers", "--tail=60");
        }

        Console.Error.WriteLine($"--- logs of the operator\n{await cluster.OperatorLogsAsync(lines: 100)}");
    }

    private async Task SayAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.Error.WriteLine($"--- kubectl {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    /// <summary>Phase and the message of Ready, as they change.</summary>
    private static async Task<(string? Result, string Picture)> LookAsync(IKubernetes client, CancellationToken cancellation)
    {
        var instance = await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("family-assistant.io", "v1alpha1", Name, "familyassistantinstances", Name, cancellation);
        var status = instance.TryGetProperty("status", out var found) ? found : default;
        var ready = status.ValueKind == JsonValueKind.Object && status.TryGetProperty("conditions", out var conditions)
            ? conditions.EnumerateArray().FirstOrDefault(condition => condition.GetProperty("type").GetString() == "Ready")
            : default;
        if (ready.ValueKind != JsonValueKind.Object)
        {
            return (null, "instance: the operator has not looked at it yet");
        }

        var phase = status.TryGetProperty("phase", out var word) ? word.GetString() : "";
        var isReady = ready.GetProperty("status").GetString() == "True"
            && status.GetProperty("observedGeneration").GetInt64() == instance.GetProperty("metadata").GetProperty("generation").GetInt64();
        return (isReady ? phase : null, $"instance: {phase}: {ready.GetProperty("message").GetString()}");
    }
}
