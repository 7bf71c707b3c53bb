using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A test of the operator on the shared cluster.</summary>
public abstract class OperatorTest(ClusterFixture fixture) : IAsyncLifetime
{
    private TestBed? _bed;

    /// <summary>The cluster with the operator on it.</summary>
    protected TestBed Bed => _bed ?? throw new InvalidOperationException("the test has not started");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bed = await fixture.OperatorAsync();
        TestsThatRan.AddCurrent();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Skips the running test, visibly, on a cluster that lacks what it needs.</summary>
    protected void Require(Func<ServerCapabilities, bool> capability, string reason) => fixture.Require(capability, reason);

    /// <summary>Skips the running test where pods only wait.</summary>
    protected void RequirePods() => Require(server => server.RunsPods, "no pod runs on this cluster");

    /// <summary>Skips the running test on an existing cluster: what it needs belongs to a cluster that this run started.</summary>
    protected void RequireOwnCluster() => Require(server => server.IsOwned, "an existing cluster has no PostgreSQL, no Bot API and no audit log for tests");
}
