using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>Installs the operator as a user would: <c>deploy/</c> by kubectl, its pods under its own ServiceAccount.</summary>
public static class OperatorInstall
{
    /// <summary>Namespace of <c>deploy/base</c>.</summary>
    public const string Namespace = "family-assistant-system";

    /// <summary>Name of its Deployment.</summary>
    public const string Name = "family-assistant-operator";

    private const string Selector = "app.kubernetes.io/name=" + Name;

    /// <summary>
    /// Publishes the operator, makes it the image that <c>deploy/</c> names, applies <c>deploy/base</c> and waits until its pods are available. Fails with the
    /// pods' own words when they cannot be. Again: applies the new options.
    /// </summary>
    public static async Task InstallOperatorAsync(this Cluster cluster, OperatorInstallOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new OperatorInstallOptions();
        if (cluster.Capabilities.IsOwned)
        {
            cluster.Images.Add(OperatorImage.Repository, OperatorImage.Create(await OperatorPublisher.PublishAsync(options.Flavour, options.Progress, cancellation)));
        }

        await ApplyAsync(cluster, options);
        await cluster.UntilOperatorRunsAsync(options, cancellation);
    }

    /// <summary>Waits until the pods of the Deployment as it is now are available; fails with their own words when they cannot be.</summary>
    internal static async Task UntilOperatorRunsAsync(this Cluster cluster, OperatorInstallOptions options, CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        await Waiting.ForAsync("the operator's pods", () => LookAsync(cluster, client, cancellation), options.Limit, options.Progress, cancellation);
    }

    /// <summary>The last lines of every pod of the operator, each with its pod's name.</summary>
    public static async Task<string> OperatorLogsAsync(this Cluster cluster, int lines = 60)
    {
        var result = await cluster.KubectlAsync("logs", "-n", Namespace, "-l", Selector, "--prefix", $"--tail={lines}");
        return result.Output + result.Error;
    }

    private static async Task ApplyAsync(Cluster cluster, OperatorInstallOptions options)
    {
        var folder = Path.Combine(cluster.DataDirectory, "operator-overlay");
        var environment = new Dictionary<string, string>(options.Environment);
        if (cluster.Capabilities.IsOwned)
        {
            // Every address here is a loopback one.
            environment.TryAdd("ALLOW_LOOPBACK_DATABASES", "true");
        }

        OperatorOverlay.Write(folder, environment, options.Replicas);
        options.Progress("kubectl apply -k deploy/base");
        // The server drops rules in CEL that it does not know; its kubectl would refuse the file for them.
        if (!cluster.Capabilities.HasCel)
        {
            options.Progress($"Kubernetes {cluster.Capabilities.ServerVersion} knows no rules in CEL: applied without kubectl's validation, and the operator alone checks those rules");
        }

        (await cluster.KubectlAsync("apply", "-k", folder, $"--validate={(cluster.Capabilities.HasCel ? "true" : "false")}")).OutputOrThrow("kubectl apply -k deploy/base");
    }

    private static async Task<(V1Deployment? Result, string Picture)> LookAsync(Cluster cluster, IKubernetes client, CancellationToken cancellation)
    {
        var deployment = await client.AppsV1.ReadNamespacedDeploymentAsync(Name, Namespace, cancellationToken: cancellation);
        var (wanted, status) = (deployment.Spec.Replicas ?? 1, deployment.Status);
        var available = status.AvailableReplicas ?? 0;
        if (status.ObservedGeneration == deployment.Metadata.Generation && status.UpdatedReplicas == wanted && available == wanted && status.Replicas == wanted)
        {
            return (deployment, $"operator: {available} of {wanted} pods available");
        }

        var pods = (await client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: Selector, cancellationToken: cancellation)).Items;
        foreach (var pod in pods)
        {
            await ThrowIfHopelessAsync(cluster, pod);
        }

        var states = pods.Select(PodState.Of).GroupBy(state => state).Select(group => $"{group.Count()} {group.Key}");
        return (null, $"operator: {available} of {wanted} pods available{string.Concat(states.Select(state => $", {state}"))}");
    }

    private static async Task ThrowIfHopelessAsync(Cluster cluster, V1Pod pod)
    {
        var waiting = (pod.Status.ContainerStatuses ?? []).Select(container => container.State?.Waiting).FirstOrDefault(waiting => waiting is not null);
        switch (waiting?.Reason)
        {
            case "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName":
                var remedy = cluster.Capabilities.IsOwned ? "" : "; build it (make image), push it where this cluster pulls from, and name it in a kustomization over deploy/base";
                throw new InvalidOperationException($"the operator's image {pod.Spec.Containers[0].Image} cannot be pulled: {waiting.Message ?? waiting.Reason}{remedy}");
            case "CrashLoopBackOff" or "CreateContainerConfigError":
                throw new InvalidOperationException($"the operator does not start: {waiting.Message ?? waiting.Reason}\n{await cluster.OperatorLogsAsync()}");
        }
    }
}
