using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Node;
using Xunit;
using k8s;
using k8s.Models;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>
/// One cluster for the whole test run; take it as a constructor parameter. Tests run beside each other on it: each works in namespaces of its
/// own, and a test that disturbs everybody (an outage of the API server) starts a cluster of its own.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>So that a test of what follows a crash need not wait for long; the delays still double.</summary>
    private static readonly NodeAgentOptions ShortDelays = new() { BackOff = TimeSpan.FromSeconds(2), LongestBackOff = TimeSpan.FromSeconds(8) };

    private Cluster? _cluster;
    private IKubernetes? _client;

    /// <summary>The cluster.</summary>
    public Cluster Cluster => _cluster ?? throw new InvalidOperationException("the fixture has not started");

    /// <summary>A client with the administrator's credentials.</summary>
    public IKubernetes Client => _client ?? throw new InvalidOperationException("the fixture has not started");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync(new LocalClusterOptions { Progress = Report, Node = ShortDelays });
        _client = _cluster.CreateClient();
    }

    /// <summary>Makes a namespace that ends with the test: <c>await using var ns = await fixture.CreateNamespaceAsync();</c></summary>
    public async Task<TestNamespace> CreateNamespaceAsync(IDictionary<string, string>? labels = null)
    {
        var name = $"t-{Guid.NewGuid().ToString("N")[..10]}";
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = labels } });
        if (Cluster.Capabilities.HasControllerManager)
        {
            await UntilPodsAreTakenAsync(Cluster, Client, name);
        }

        return new TestNamespace(Client, name);
    }

    /// <summary>Pods are refused until their namespace has its ServiceAccount, and that, before 1.24, a token.</summary>
    public static Task UntilPodsAreTakenAsync(Cluster cluster, IKubernetes client, string @namespace) => Wait.ForAsync(
        async () => (await client.CoreV1.ListNamespacedServiceAccountAsync(@namespace, fieldSelector: "metadata.name=default")).Items
            .Any(account => cluster.Capabilities.ServerVersion.IsAtLeast(24) || account.Secrets is { Count: > 0 }),
        $"the ServiceAccount default of {@namespace}");

    /// <summary>Skips the running test, visibly, on a cluster that lacks what it needs.</summary>
    public void Require(Func<ServerCapabilities, bool> capability, string reason) => Assert.SkipUnless(capability(Cluster.Capabilities), reason);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static void Report(string line) => Console.Error.WriteLine($"localcluster: {line}");
}
