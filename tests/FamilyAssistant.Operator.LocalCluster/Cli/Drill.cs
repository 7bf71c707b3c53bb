using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using FamilyAssistant.Operator.LocalCluster.TestData;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>The steps of the drill on one of its two clusters.</summary>
internal sealed class Drill(Cluster cluster, Action<string> progress) : IDisposable
{
    /// <summary>Namespace in <see cref="Sample"/>.</summary>
    public const string Namespace = "family-assistant";

    /// <summary>Instance in it.</summary>
    public const string Instance = "home";

    /// <summary>What is applied to the first cluster.</summary>
    public const string Sample = "deploy/samples/with-backups.yaml";

    /// <summary>The bot whose token is in it.</summary>
    public const long Bot = 123456789;

    private const string Group = "family-assistant.io";
    private const string Backup = "before-the-disaster";
    private const string Restore = "after-the-disaster";
    private const string RescuedClaim = "rescued-sets";
    private const string Passphrase = "family-assistant-passphrase";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private readonly IKubernetes _client = cluster.CreateClient();

    /// <summary>Installs the operator.</summary>
    public Task InstallAsync(CancellationToken cancellation) => cluster.InstallOperatorAsync(new OperatorInstallOptions { Progress = progress }, cancellation);

    /// <summary>Applies the sample, waits until the instance is Ready, and gives it data and files.</summary>
    public async Task CreateAsync(int mebibytes, CancellationToken cancellation)
    {
        await RunAsync("apply", "-f", Path.Combine(RepositoryRoot.Find(), Sample));
        await UntilReadyAsync(cancellation);
        progress($"filling its database with {mebibytes} MiB and its volume with {mebibytes / 8} MiB of files");
        await ApplicationData.FillAsync(await DrillPicture.ConnectionAsync(_client, Namespace, Instance, cancellation), mebibytes, cancellation: cancellation);
        await ApplicationFiles.WriteAsync(DrillPicture.DataFolder(cluster, Namespace, Instance), mebibytes / 8, cancellation: cancellation);
    }

    /// <summary>Makes a set, with a test restore; returns its id and the claim of the volume that it is on.</summary>
    public async Task<(string SetId, string Claim)> BackUpAsync(CancellationToken cancellation)
    {
        await ApplyAsync(
            $$"""
            apiVersion: family-assistant.io/v1alpha1
            kind: FamilyAssistantBackup
            metadata: {name: {{Backup}}, namespace: {{Namespace}}}
            spec:
              instanceRef: {name: {{Instance}}}
              verify: Restore
            """);
        var status = await UntilCompletedAsync("familyassistantbackups", Backup, cancellation);
        return (status.GetProperty("setId").GetString()!, status.GetProperty("location").GetProperty("claim").GetString()!);
    }

    /// <summary>On an empty cluster: the rescued volume, the passphrase, and one object.</summary>
    public async Task RestoreAsync(string rescued, string setId, CancellationToken cancellation)
    {
        await RunAsync("create", "namespace", Namespace);
        await cluster.Node.AdoptVolumeAsync(Namespace, RescuedClaim, rescued, "50Gi", cancellation);
        await RunAsync("create", "secret", "generic", Passphrase, "-n", Namespace, $"--from-literal=passphrase={PassphraseOfSample()}");
        await ApplyAsync(
            $$"""
            apiVersion: family-assistant.io/v1alpha1
            kind: FamilyAssistantRestore
            metadata: {name: {{Restore}}, namespace: {{Namespace}}}
            spec:
              instanceRef: {name: {{Instance}}}
              source:
                volume: {claimName: {{RescuedClaim}}, setId: {{setId}}}
              parts: [Database, Files, Configuration, Secrets]
              passphraseSecretRef: {name: {{Passphrase}}}
            """);
        await UntilCompletedAsync("familyassistantrestores", Restore, cancellation);
        await UntilReadyAsync(cancellation);
    }

    /// <summary>How long the parts of the restore took, as it says itself.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TimesAsync(CancellationToken cancellation) =>
        (await ReadAsync("familyassistantrestores", Restore, cancellation)).GetProperty("status").TryGetProperty("seconds", out var seconds)
            ? seconds.EnumerateObject().ToDictionary(part => part.Name, part => part.Value.GetInt64())
            : new Dictionary<string, long>();

    /// <summary>What a person would look at now.</summary>
    public async Task ShowAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.WriteLine($"\n$ kubectl {string.Join(' ', arguments)}\n{result.OutputOrThrow("kubectl " + arguments[0])}");
    }

    /// <summary>Says how to look at it.</summary>
    public void Explain() => Console.WriteLine(
        $"""

        The second cluster is here to look at. In another terminal:

          export KUBECONFIG={cluster.Access.KubeconfigFile}
          kubectl describe far -n {Namespace} {Restore}
          kubectl get fai,fab,far -n {Namespace} -o wide

        Ctrl-C ends and deletes all of it.

        """);

    /// <summary>After a failure: what the objects, the pods and the operator say.</summary>
    public async Task DiagnoseAsync()
    {
        await SayAsync("get", "fai,fab,far,sts,jobs,pods,pvc", "-A", "-o", "wide");
        await SayAsync("describe", "fai,fab,far", "-A");
        await SayAsync("describe", "jobs,pods", "-n", Namespace);
        await SayAsync("get", "events", "-A", "--sort-by=.lastTimestamp");
        foreach (var pod in (await cluster.KubectlAsync("get", "pods", "-n", Namespace, "-o", "name")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await SayAsync("logs", "-n", Namespace, pod, "--all-containers", "--tail=60");
        }

        Console.Error.WriteLine($"--- logs of the operator\n{await cluster.OperatorLogsAsync(lines: 100)}");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Whoever does the drill has it written down.</summary>
    private static string PassphraseOfSample()
    {
        const string Key = "  passphrase: ";
        return File.ReadLines(Path.Combine(RepositoryRoot.Find(), Sample)).First(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..];
    }

    private async Task ApplyAsync(string manifest)
    {
        var file = Path.Combine(cluster.DataDirectory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, manifest);
        Console.WriteLine($"\n$ kubectl apply -f -\n{manifest}");
        (await cluster.KubectlAsync("apply", "-f", file)).OutputOrThrow("kubectl apply");
    }

    private async Task RunAsync(params string[] arguments)
    {
        progress($"kubectl {string.Join(' ', arguments.Select(argument => argument.StartsWith("--from-literal", StringComparison.Ordinal) ? "--from-literal=passphrase=…" : argument))}");
        (await cluster.KubectlAsync(arguments)).OutputOrThrow($"kubectl {arguments[0]}");
    }

    private async Task SayAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.Error.WriteLine($"--- kubectl {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
    }

    private Task<JsonElement> ReadAsync(string plural, string name, CancellationToken cancellation) =>
        _client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(Group, "v1alpha1", Namespace, plural, name, cancellationToken: cancellation);

    private Task<DemoInstance> UntilReadyAsync(CancellationToken cancellation) => Waiting.ForAsync(
        $"{Instance} to be Ready",
        async () => (await DemoInstance.ListAsync(_client, cancellation)).FirstOrDefault(instance => instance.Name == Instance) is { } instance ? (instance.IsReady ? instance : null, instance.Picture) : (null, $"{Instance}: not there yet"),
        Limit,
        progress,
        cancellation);

    /// <summary>Waits for the end of a backup or restore; a failed one is told by its own message.</summary>
    private async Task<JsonElement> UntilCompletedAsync(string plural, string name, CancellationToken cancellation)
    {
        var status = await Waiting.ForAsync(
            $"{name} to be completed",
            async () =>
            {
                var found = (await ReadAsync(plural, name, cancellation)).TryGetProperty("status", out var seen) ? seen : default;
                string? Text(string member) => found.ValueKind == JsonValueKind.Object && found.TryGetProperty(member, out var value) ? value.GetString() : null;
                var phase = Text("phase");
                return phase == "Failed"
                    ? throw new InvalidOperationException($"{name} failed: {Text("reason")}: {Text("message")}")
                    : (phase == "Completed" ? found.GetRawText() : null, string.Create(CultureInfo.InvariantCulture, $"{name}: {phase ?? "not looked at yet"}{(Text("stage") is { } stage ? $" ({stage})" : "")}{(Text("message") is { } message ? $": {message}" : "")}"));
            },
            Limit,
            progress,
            cancellation);
        return JsonSerializer.Deserialize<JsonElement>(status);
    }
}
