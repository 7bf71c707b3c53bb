using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>The operator is installed from <c>deploy/</c> and runs as its pods, or what keeps it from running is said.</summary>
public sealed class OperatorInstallTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_operator_runs_with_what_was_asked_for_and_an_image_that_is_missing_is_named()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "an existing cluster may have an operator already");
        await using var cluster = await Cluster.StartAsync(new LocalClusterOptions { Postgres = false, Telegram = false }, Cancellation);
        var options = new OperatorInstallOptions { Replicas = 1, Environment = new Dictionary<string, string> { ["LOG_LEVEL"] = "Debug" } };

        await cluster.InstallOperatorAsync(options, Cancellation);

        using var client = cluster.CreateClient();
        var deployment = await client.AppsV1.ReadNamespacedDeploymentAsync(OperatorInstall.Name, OperatorInstall.Namespace, cancellationToken: Cancellation);
        deployment.Status.AvailableReplicas.ShouldBe(1);
        var container = deployment.Spec.Template.Spec.Containers.ShouldHaveSingleItem();
        container.Env.ShouldContain(variable => variable.Name == "LOG_LEVEL" && variable.Value == "Debug");
        container.Env.ShouldContain(variable => variable.Name == "POD_NAME");
        (await cluster.OperatorLogsAsync()).ShouldContain(OperatorInstall.Name);

        (await cluster.KubectlAsync("set", "image", $"deployment/{OperatorInstall.Name}", "-n", OperatorInstall.Namespace, "operator=example.invalid/operator:1")).ExitCode.ShouldBe(0);
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => cluster.UntilOperatorRunsAsync(options, Cancellation));
        refused.Message.ShouldStartWith("the operator's image example.invalid/operator:1 cannot be pulled");
    }
}
