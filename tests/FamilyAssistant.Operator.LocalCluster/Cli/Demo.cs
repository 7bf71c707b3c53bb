using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>The operator and two instances with one bot on a cluster: one of them runs, and when it is deleted the other one does.</summary>
internal sealed class Demo(Cluster cluster, Action<string> progress) : IDisposable
{
    /// <summary>Namespace in <see cref="Sample"/>.</summary>
    public const string Namespace = "family-assistant";

    /// <summary>What is applied.</summary>
    public const string Sample = "deploy/samples/two-instances-one-bot.yaml";

    /// <summary>The bot whose token is in it.</summary>
    public const long Bot = 123456789;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private readonly IKubernetes _client = cluster.CreateClient();

    /// <summary>Installs the operator and applies the sample; returns once one of the two runs and the other one says whom it waits for.</summary>
    public async Task<(DemoInstance Running, DemoInstance Waiting)> BringUpAsync(CancellationToken cancellation)
    {
        await cluster.InstallOperatorAsync(new OperatorInstallOptions { Progress = progress }, cancellation);
        await RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Find(), Sample));
        var both = await Waiting.ForAsync(
            "one instance to run and the other one to wait for it",
            async () => await LookAsync(cancellation) is var (found, picture) && found.Any(instance => instance.IsReady) && found.Any(instance => instance.ClaimReason == DemoInstance.Waits)
                ? (found, picture)
                : (null, picture),
            Limit,
            progress,
            cancellation);
        return (both.Single(instance => instance.IsReady), both.Single(instance => !instance.IsReady));
    }

    /// <summary>Deletes the one that runs; returns once the other one does.</summary>
    public async Task HandOverAsync(DemoInstance running, DemoInstance waiting, CancellationToken cancellation)
    {
        await RunAsync("delete", "fai", running.Name, "-n", Namespace, "--wait=false");
        await Waiting.ForAsync(
            $"{waiting.Name} to take over the bot",
            async () => await LookAsync(cancellation) is var (found, picture) && found.Any(instance => instance.Name == waiting.Name && instance.IsReady) ? (found, picture) : (null, picture),
            Limit,
            progress,
            cancellation);
    }

    /// <summary>What a person would look at now.</summary>
    public async Task ShowAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.WriteLine($"\n$ kubectl {string.Join(' ', arguments)}\n{result.OutputOrThrow("kubectl " + arguments[0])}");
    }

    /// <summary>Says how to look at it.</summary>
    public async Task ExplainAsync(DemoInstance running, DemoInstance deleted, CancellationToken cancellation)
    {
        var pod = await _client.CoreV1.ReadNamespacedPodAsync($"{running.Name}-0", Namespace, cancellationToken: cancellation);
        Console.WriteLine(
            $"""

            The instance {running.Name} runs on Kubernetes {cluster.Capabilities.ServerVersion} on this machine and has the bot. In another terminal:

              export KUBECONFIG={cluster.Access.KubeconfigFile}
              kubectl get fai -A -o wide
              kubectl describe fai -n {Namespace} {running.Name}
              kubectl logs -n {OperatorInstall.Namespace} deployment/{OperatorInstall.Name}
              curl http://{pod.Status.PodIP}:8000/health

            Bring {deleted.Name} back, on its old data, and see whom it waits for now:

              kubectl apply -f {Sample}

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
        await SayAsync("get", "leases", "-n", OperatorInstall.Namespace, "-o", "yaml");
        await SayAsync("describe", "pods", "-n", Namespace);
        await SayAsync("get", "events", "-A", "--sort-by=.lastTimestamp");
        foreach (var pod in (await cluster.KubectlAsync("get", "pods", "-n", Namespace, "-o", "name")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SayAsync("logs", "-n", Namespace, pod, "--all-containers", "--tail=60");
        }

        Console.Error.WriteLine($"--- logs of the operator\n{await cluster.OperatorLogsAsync(lines: 100)}");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task RunAsync(params string[] arguments)
    {
        progress($"kubectl {string.Join(' ', arguments)}");
        (await cluster.KubectlAsync(arguments)).OutputOrThrow($"kubectl {arguments[0]}");
    }

    private async Task SayAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.Error.WriteLine($"--- kubectl {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    /// <summary>Phase and the message of Ready of each, as they change.</summary>
    private async Task<(IReadOnlyList<DemoInstance> Found, string Picture)> LookAsync(CancellationToken cancellation)
    {
        var found = await DemoInstance.ListAsync(_client, cancellation);
        return (found, string.Join("\n          ", found.Select(instance => instance.Picture)));
    }
}
