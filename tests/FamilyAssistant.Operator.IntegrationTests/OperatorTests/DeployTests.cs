using System.Text.RegularExpressions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary><c>deploy/</c> and <c>crds/</c> as they stand, for the kubectl of the server.</summary>
public sealed partial class DeployTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly string Root = RepositoryRoot.Find();

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Path.Combine(Root, "deploy", "samples"), "*.yaml").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    public static TheoryData<string> OperationSamples => [.. Directory.EnumerateFiles(Path.Combine(Root, "deploy", "samples", "operations"), "*.yaml").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("base")]
    [InlineData("namespaced")]
    public async Task What_is_installed_passes_validation_to_the_last_field(string folder)
    {
        await EnsureSampleNamespaceAsync();
        var rendered = (await Bed.Cluster.KubectlAsync("kustomize", Path.Combine(Root, "deploy", folder))).OutputOrThrow("kubectl kustomize");
        // The definition is checked below: older kubectl does not know the rules in it.
        var documents = Separator().Split(rendered).Where(document => !document.Contains("kind: CustomResourceDefinition", StringComparison.Ordinal));
        var file = Path.Combine(Bed.Cluster.DataDirectory, $"{folder}-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, string.Join("\n---\n", documents), Cancellation);

        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "--validate=true", "-f", file);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldNotContain("unknown field");
    }

    [Fact]
    public async Task The_base_applies_strictly_as_it_stands()
    {
        Require(server => server.HasStrictFieldValidation && server.HasCel, "this server and its kubectl know neither strict validation nor rules in CEL");
        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "--validate=strict", "-k", Path.Combine(Root, "deploy", "base"));
        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Samples_pass_validation_and_admission(string sample)
    {
        await EnsureSampleNamespaceAsync();
        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "--validate=true", "-f", Path.Combine(Root, "deploy", "samples", sample));
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldMatch(@"(?m)^familyassistantinstance\.family-assistant\.io/[a-z-]+ created \(server dry run\)");
    }

    [Theory]
    [MemberData(nameof(OperationSamples))]
    public async Task Samples_of_operations_pass_validation_and_admission(string sample)
    {
        await EnsureSampleNamespaceAsync();
        var result = await Bed.Cluster.KubectlAsync("create", "--dry-run=server", "--validate=true", "-f", Path.Combine(Root, "deploy", "samples", "operations", sample));
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("created (server dry run)");
    }

    [Fact]
    public async Task A_field_that_does_not_exist_is_refused()
    {
        await EnsureSampleNamespaceAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(Root, "deploy", "samples", "adoption.yaml"), Cancellation);
        var file = Path.Combine(Bed.Cluster.DataDirectory, $"wrong-{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, text.Replace("  database:", "  databse:", StringComparison.Ordinal), Cancellation);

        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "--validate=true", "-f", file);

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain("databse");
    }

    [Theory]
    [InlineData("fai.spec.telegram.allowAnyone", "<boolean>")]
    [InlineData("fai.spec.database.external.host", "<string>")]
    [InlineData("fai.status.conditions", "")]
    [InlineData("fao.spec.action", "<string>")]
    [InlineData("fao.status.before", "<map[string]string>")]
    public async Task Kubectl_explains_every_field(string field, string type)
    {
        var text = await Wait.ForAsync(
            async () =>
            {
                // kubectl keeps for minutes which kinds there are, and only this way of asking has it look again. The server describes a new kind a moment after it serves it.
                await Bed.Cluster.KubectlAsync("get", field.Split('.')[0], "-n", "default");
                return await Bed.Cluster.KubectlAsync("explain", field) is { ExitCode: 0, Output: var output } ? output : null;
            },
            $"kubectl explain {field}");
        text.ShouldContain(type);
        text.ShouldNotContain("<empty>");
        text.Split("DESCRIPTION:")[^1].Trim().Length.ShouldBeGreaterThan(20);
    }

    /// <summary>The namespace that samples and the variant for one namespace name; several tests may need it at once.</summary>
    private async Task EnsureSampleNamespaceAsync()
    {
        try
        {
            await Bed.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "family-assistant" } }, cancellationToken: Cancellation);
        }
        catch (k8s.Autorest.HttpOperationException error) when (error.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // It is there.
        }
    }

    [GeneratedRegex("^---$", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
