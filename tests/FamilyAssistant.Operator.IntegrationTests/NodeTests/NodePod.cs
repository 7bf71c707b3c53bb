using System.Net;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node;
using Shouldly;
using Xunit;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>A pod that really runs on this cluster's node, written as the YAML of its spec.</summary>
internal sealed class NodePod(LocalCluster.Cluster cluster, IKubernetes client, string ns, string name)
{
    /// <summary>What every pod here may run: an image with a shell and the machine's tools; the file /app/from-image is in it, and it sets IMAGE_VARIABLE.</summary>
    public const string Image = "tools:1";

    private static readonly Lock Once = new();
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public string Name => name;

    public static Task<NodePod> CreateAsync(ClusterFixture fixture, TestNamespace ns, string name, string spec)
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the images of these pods are of this machine's own node");
        return CreateAsync(fixture.Cluster, fixture.Client, ns.Name, name, spec);
    }

    public static async Task<NodePod> CreateAsync(LocalCluster.Cluster cluster, IKubernetes client, string ns, string name, string spec)
    {
        AddImage(cluster);
        var pod = KubernetesYaml.Deserialize<V1Pod>($"metadata: {{name: {name}, labels: {{app: {name}, kind: test}}, annotations: {{note: a \"quoted\" word}}}}\nspec:\n{Indented(spec)}");
        await client.CoreV1.CreateNamespacedPodAsync(pod, ns, cancellationToken: TestContext.Current.CancellationToken);
        return new NodePod(cluster, client, ns, name);
    }

    public Task<V1Pod> ReadAsync() => client.CoreV1.ReadNamespacedPodAsync(name, ns, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<V1Pod> UntilAsync(Func<V1Pod, bool> condition, string what)
    {
        V1Pod? last = null;
        try
        {
            return await Wait.ForAsync(async () => condition(last = await ReadAsync()) ? last : null, $"{what} of pod {name}", Limit);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; its status: {KubernetesJson.Serialize(last?.Status)}; it wrote: {await LogsAsync()}");
        }
    }

    public Task<V1Pod> UntilPhaseAsync(string phase) => UntilAsync(pod => pod.Status?.Phase == phase, $"phase {phase}");

    public Task<V1Pod> UntilReadyAsync() => UntilAsync(IsReady, "readiness");

    public Task<V1Pod> UntilWaitingAsync(string reason) => UntilAsync(pod => Container(pod)?.State.Waiting?.Reason == reason, $"waiting with {reason}");

    public async Task UntilGoneAsync() => await Wait.ForAsync(
        async () =>
        {
            try
            {
                await ReadAsync();
                return false;
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
            {
                return true;
            }
        },
        $"the end of pod {name}",
        Limit);

    public Task DeleteAsync(int? grace = null) =>
        client.CoreV1.DeleteNamespacedPodAsync(name, ns, gracePeriodSeconds: grace, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Runs it to its end, which must be a good one; returns the lines that it wrote.</summary>
    public async Task<string[]> OutputAsync()
    {
        var pod = await UntilAsync(pod => pod.Status?.Phase is "Succeeded" or "Failed", "the end");
        var output = await LogsAsync();
        pod.Status.Phase.ShouldBe("Succeeded", output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async Task UntilLoggedAsync(string text) => await Wait.ForAsync(
        async () => (await LogsAsync()).Contains(text, StringComparison.Ordinal), $"'{text}' in the log of pod {name}", Limit);

    /// <summary>What kubectl logs prints, or its complaint.</summary>
    public async Task<string> LogsAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(["logs", "-n", ns, name, .. arguments]);
        return result.ExitCode == 0 ? result.Output : result.Error;
    }

    public async Task UntilEventAsync(string reason, string message) => await Wait.ForAsync(
        async () => (await client.CoreV1.ListNamespacedEventAsync(ns, fieldSelector: $"involvedObject.name={name}", cancellationToken: TestContext.Current.CancellationToken))
            .Items.Any(item => item.Reason == reason && item.Message.Contains(message, StringComparison.Ordinal)),
        $"event {reason} of pod {name} with '{message}'",
        Limit);

    /// <summary>The runs of its containers, in order.</summary>
    public IReadOnlyList<ContainerInterval> Runs => [.. cluster.Node.ContainerRuns.Where(run => run.Namespace == ns && run.Pod == name)];

    public static V1ContainerStatus? Container(V1Pod pod, string name = "main") =>
        (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == name);

    public static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));

    /// <summary>Once for each cluster, and in its folder, which goes with it.</summary>
    internal static void AddImage(LocalCluster.Cluster cluster)
    {
        lock (Once)
        {
            if (cluster.Images.Find(Image) is not null)
            {
                return;
            }

            var folder = Directory.CreateDirectory(Path.Combine(cluster.DataDirectory, "tools-image")).FullName;
            File.WriteAllText(Path.Combine(folder, "from-image"), "from the image\n");
            cluster.Images.Add("tools", Tools(folder));
        }
    }

    private static LocalImage Tools(string folder) => new()
    {
        Reference = Image,
        Digest = "sha256:" + new string('0', 64),
        Mounts = [new ImageMount(folder, "/app")],
        Entrypoint = ["/bin/sh"],
        Command = ["-c", "echo the image\\'s own command"],
        Environment = new Dictionary<string, string> { ["IMAGE_VARIABLE"] = "of the image", ["REPLACED"] = "by the image" },
    };
}
