using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
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
    private Cluster? _cluster;
    private IKubernetes? _client;

    /// <summary>The cluster.</summary>
    public Cluster Cluster => _cluster ?? throw new InvalidOperationException("the fixture has not started");

    /// <summary>A client with the administrator's credentials.</summary>
    public IKubernetes Client => _client ?? throw new InvalidOperationException("the fixture has not started");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync(new LocalClusterOptions { Progress = Report });
        _client = _cluster.CreateClient();
    }

    /// <summary>Makes a namespace that ends with the test: <c>await using var ns = await fixture.CreateNamespaceAsync();</c></summary>
    public async Task<TestNamespace> CreateNamespaceAsync(IDictionary<string, string>? labels = null)
    {
        var name = $"t-{Guid.NewGuid().ToString("N")[..10]}";
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name, Labels = labels } });
        if (Cluster.Capabilities.HasControllerManager)
        {
            // Pods are refused until the namespace has its ServiceAccount.
            await Wait.ForAsync(
                async () => (await Client.CoreV1.ListNamespacedServiceAccountAsync(name, fieldSelector: "metadata.name=default")).Items.Count > 0,
                $"the ServiceAccount default of {name}");
        }

        return new TestNamespace(Client, name);
    }

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
