using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>The operator as <c>deploy/base</c> installs it: pods of its Deployment under its ServiceAccount.</summary>
public sealed class OperatorPods(Cluster cluster, IKubernetes client) : IRunningOperator
{
    private const string Container = "operator";

    /// <summary>Its pods.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync() =>
        [.. (await client.CoreV1.ListNamespacedPodAsync(OperatorNames.Namespace, labelSelector: $"app.kubernetes.io/name={OperatorNames.Name}", cancellationToken: TestContext.Current.CancellationToken)).Items];

    /// <summary>The pod that holds the Lease.</summary>
    public async Task<string> LeaderAsync() => (await client.CoordinationV1.ReadNamespacedLeaseAsync(OperatorNames.Name, OperatorNames.Namespace)).Spec.HolderIdentity ?? "";

    /// <summary>Ends the processes of every pod at once, as a crash would; a kubelet starts them again.</summary>
    public async Task KillAsync()
    {
        foreach (var pod in await PodsAsync())
        {
            cluster.Node.KillContainer(OperatorNames.Namespace, pod.Metadata.Name, Container);
        }
    }

    /// <inheritdoc/>
    public Task<string> LogTailAsync(int lines = 40) => cluster.OperatorLogsAsync(lines);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
