using FamilyAssistant.Operator.LocalCluster;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>
/// A cluster of some classes of tests, for what would disturb everybody else: outages, killed operators, other ways of installing. No pod runs on it, and no
/// operator until a test starts one; instances on it are stopped ones.
/// </summary>
public class OwnCluster : IAsyncLifetime
{
    private TestBed? _bed;

    /// <summary>The cluster, with <c>deploy/base</c> applied.</summary>
    public TestBed Bed
    {
        get
        {
            TestsThatRan.AddCurrent();
            return _bed ?? throw new InvalidOperationException("the fixture has not started");
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBECONFIG_E2E") is { Length: > 0 }, "an existing cluster is not ours to disturb");
        _bed = await TestBed.PrepareAsync(await ClusterFixture.StartClusterAsync(Options));
    }

    /// <summary>What runs on it.</summary>
    protected virtual LocalClusterOptions Options { get; } = new() { NodeAgent = false, Telegram = false };

    /// <summary>Starts an operator that a test may kill. Without leader election unless the test is about it: a successor need not wait for the Lease then.</summary>
    public Task<OperatorProcess> StartOperatorAsync(string identity, bool elects = false, WriteGate? through = null) => OperatorProcess.StartAsync(
        Bed.Cluster, identity, OperatorNames.Namespace, through, ("LEADER_ELECTION", elects ? "true" : "false"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_bed is not null)
        {
            // Whoever started an operator has ended it by now.
            _bed.Operator = null;
            var cluster = _bed.Cluster;
            UsedRights.Add(await cluster.Audit.ReadAsync(_bed.AuditStart));
            await _bed.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }
}

/// <summary>The same with pods and the stand-in for Telegram. The operators of the tests are the only ones: the image of the Deployment is on no node.</summary>
public sealed class OwnNodeCluster : OwnCluster
{
    /// <inheritdoc/>
    protected override LocalClusterOptions Options { get; } = new();
}

/// <summary>Classes that share such a cluster, one test after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OwnClusterCollection : ICollectionFixture<OwnCluster>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "own cluster";
}
