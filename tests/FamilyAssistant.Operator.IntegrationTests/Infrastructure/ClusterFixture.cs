using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Node;
using Xunit;
using k8s;

[assembly: AssemblyFixture(typeof(ClusterFixture))]

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>
/// One cluster for the whole test run, with one operator on it from the first test that asks for it; take it as a constructor parameter. Tests run
/// beside each other on it: each works in namespaces of its own, and a test that disturbs everybody (an outage of the API server) starts a cluster of its own.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>So that a test of what follows a crash need not wait for long; the delays still double.</summary>
    private static readonly NodeAgentOptions ShortDelays = new() { BackOff = TimeSpan.FromSeconds(2), LongestBackOff = TimeSpan.FromSeconds(8) };

    private readonly Lazy<Task<TestBed>> _operator;
    private Cluster? _cluster;
    private IKubernetes? _client;

    /// <summary>Created by the test framework.</summary>
    public ClusterFixture() => _operator = new Lazy<Task<TestBed>>(() => TestBed.InstallAsync(Cluster, Report));

    /// <summary>The cluster.</summary>
    public Cluster Cluster => _cluster ?? throw new InvalidOperationException("the fixture has not started");

    /// <summary>A client with the administrator's credentials.</summary>
    public IKubernetes Client => _client ?? throw new InvalidOperationException("the fixture has not started");

    /// <summary>The cluster with the operator running on it.</summary>
    public Task<TestBed> OperatorAsync() => _operator.Value;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _cluster = await StartClusterAsync(new LocalClusterOptions());
        _client = _cluster.CreateClient();
    }

    /// <summary>Starts a cluster of a test's own; its progress goes to standard error.</summary>
    public static Task<Cluster> StartClusterAsync(LocalClusterOptions options) => Cluster.StartAsync(options with { Progress = Report, Node = ShortDelays }, TestContext.Current.CancellationToken);

    /// <summary>Makes a namespace that ends with the test: <c>await using var ns = await fixture.CreateNamespaceAsync();</c></summary>
    public Task<TestNamespace> CreateNamespaceAsync(IDictionary<string, string>? labels = null) => TestNamespace.CreateAsync(Cluster, Client, labels);

    /// <summary>Skips the running test, visibly, on a cluster that lacks what it needs.</summary>
    public void Require(Func<ServerCapabilities, bool> capability, string reason) => Assert.SkipUnless(capability(Cluster.Capabilities), reason);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_operator.IsValueCreated && _operator.Value.IsCompletedSuccessfully)
        {
            await (await _operator.Value).DisposeAsync();
        }

        _client?.Dispose();
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static void Report(string line) => Console.Error.WriteLine($"localcluster: {line}");
}
