using FamilyAssistant.Operator.LocalCluster.Cli;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>The disaster drill that <c>make drill</c> shows: all of an instance comes back from the volume of its sets.</summary>
public sealed class DrillTests
{
    [Fact]
    public async Task A_lost_cluster_comes_back_from_the_volume_of_the_sets_with_one_object()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBECONFIG_E2E") is { Length: > 0 }, "an existing cluster is not ours to lose");

        // It compares every row, file, key and setting itself, and says on standard error what did not come back.
        (await DrillCommand.RunAsync(check: true, mebibytes: 8, TestContext.Current.CancellationToken)).ShouldBe(0);
    }
}
