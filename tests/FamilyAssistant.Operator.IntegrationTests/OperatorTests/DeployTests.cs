using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What <c>deploy/</c> holds can be applied as it stands.</summary>
public sealed class DeployTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    public static TheoryData<string> Samples => [.. Directory.GetFiles(Deploy("samples"), "*.yaml").Select(file => Path.GetFileName(file)!).Order()];

    public static TheoryData<string> Folders => ["base", "namespaced"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task The_manifests_apply_as_they_stand_and_strictly(string folder)
    {
        if (!Bed.Cluster.Capabilities.HasStrictFieldValidation)
        {
            TestContext.Current.SendDiagnosticMessage("this server knows neither strict field validation nor rules in CEL: fields that it does not know were not looked for");
        }

        await EnsureNamespaceAsync("family-assistant");

        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", Validate, "-k", Deploy(folder));

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("deployment.apps/family-assistant-operator");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_sample_is_taken_by_the_API_server(string sample)
    {
        await EnsureNamespaceAsync("family-assistant");

        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "--validate=true", "-f", Path.Combine(Deploy("samples"), sample));

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("familyassistantinstance.family-assistant.io/family-assistant");
    }

    [Fact]
    public async Task Kubectl_explains_the_fields()
    {
        // kubectl keeps for minutes which kinds there are, and only this way of asking has it look again.
        await Bed.Cluster.KubectlAsync("get", "fai", "-n", "default");

        var result = await Bed.Cluster.KubectlAsync("explain", "fai.spec.telegram.allowedUsers");

        result.OutputOrThrow("kubectl explain").ShouldContain("id");
    }

    private string Validate => Bed.Cluster.Capabilities.HasStrictFieldValidation ? "--validate=strict" : "--validate=false";

    private static string Deploy(string folder) => Path.Combine(RepositoryRoot.Find(), "deploy", folder);

    /// <summary>A dry run makes no namespace, and the objects in it need one. It stays empty.</summary>
    private async Task EnsureNamespaceAsync(string name)
    {
        if ((await Bed.Client.CoreV1.ListNamespaceAsync(fieldSelector: $"metadata.name={name}", cancellationToken: Cancellation)).Items.Count == 0)
        {
            await Bed.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } }, cancellationToken: Cancellation);
        }
    }
}
