using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A bad spec is refused where it is written, with the field; where the API server cannot, the operator says the same in a condition.</summary>
public sealed partial class AdmissionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    public static TheoryData<string> Schema => [.. BadInputs.Schema.Select(row => row.What)];

    public static TheoryData<string> Rules => [.. BadInputs.Rules.Select(row => row.What)];

    public static TheoryData<string> Names => ["Home", "1home", "my.home", "home-", "a123456789b123456789c123456789d123456789e"];

    private static InstanceBuilder Good => InstanceBuilder.Nowhere();

    [Theory]
    [MemberData(nameof(Schema))]
    public async Task The_API_server_refuses_and_names_the_field(string what)
    {
        var bad = BadInputs.Schema.Single(row => row.What == what);
        var refusal = await Should.ThrowAsync<RefusedException>(() => DryRunAsync(Good.With(bad.Path, bad.Value)));

        refusal.Code.ShouldBe(422, refusal.Message);
        refusal.Fields.ShouldContain(field => WithoutIndex(field).StartsWith(WithoutIndex(bad.Blamed), StringComparison.Ordinal), refusal.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_API_server_refuses_a_name_that_no_Service_could_have(string name)
    {
        var refusal = await Should.ThrowAsync<RefusedException>(() => DryRunAsync(Good.Named(name)));

        refusal.Code.ShouldBe(422, refusal.Message);
        refusal.Fields.ShouldContain("metadata.name", refusal.Message);
    }

    [Fact]
    public async Task The_API_server_takes_the_good_instance_that_the_bad_ones_are_made_of() =>
        (await DryRunAsync(Good))["metadata"]!["name"]!.GetValue<string>().ShouldBe("home");

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task The_API_server_refuses_what_breaks_a_rule_across_fields(string what)
    {
        var bad = BadInputs.Rules.Single(row => row.What == what);
        Require(server => server.HasCel, "this API server knows no rules in CEL; the operator's own check is tested instead");

        var refusal = await Should.ThrowAsync<RefusedException>(() => DryRunAsync(Good.With(bad.Path, bad.Value)));

        refusal.Code.ShouldBe(422, refusal.Message);
        refusal.Message.ShouldContain(bad.Blamed);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Where_the_API_server_knows_no_rules_the_operator_says_the_same_and_goes_on_after_the_fix(string what)
    {
        var bad = BadInputs.Rules.Single(row => row.What == what);
        Require(server => !server.HasCel, "this API server refuses such a spec itself");
        await using var ns = await Bed.CreateNamespaceAsync();
        var original = Good.Manifest["spec"]!;

        var instance = await Bed.CreateAsync(ns, Good.With(bad.Path, bad.Value));
        var seen = await instance.WaitForAsync(ConditionTypes.Ready, "False", CommonReasons.InvalidSpec);
        TestInstance.Of(seen, ConditionTypes.Ready)!.Message.ShouldContain(bad.Blamed);
        TestInstance.Of(seen, ConditionTypes.Ready)!.Message.ShouldContain("spec.");
        TestInstance.Of(seen, ConditionTypes.Stalled)!.Status.ShouldBe("True");

        await instance.SetAsync(bad.Path, Find(original, bad.Path)?.DeepClone());
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", "DatabaseUnreachable");
    }

    [Fact]
    public async Task Kubectl_refuses_a_misspelt_field_and_names_it()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var manifest = Good.With("databse", new JsonObject()).Manifest;
        manifest["apiVersion"] = TestInstance.Type.ApiVersion;
        manifest["kind"] = TestInstance.Type.Kind;
        var file = Path.Combine(Bed.Cluster.DataDirectory, $"{ns}.json");
        await File.WriteAllTextAsync(file, manifest.ToJsonString(), Cancellation);

        var result = await Bed.Cluster.KubectlAsync("apply", "--dry-run=server", "-n", ns.Name, "-f", file);

        result.ExitCode.ShouldNotBe(0);
        result.Error.ShouldContain("databse");
    }

    [Fact]
    public async Task The_API_server_refuses_an_object_of_more_than_a_megabyte()
    {
        var refusal = await Should.ThrowAsync<RefusedException>(() => DryRunAsync(Good.With("serverUrl", "https://a.example.com/" + new string('x', 1_400_000))));

        refusal.Code.ShouldBeOneOf(413, 422);
    }

    /// <summary>Old API servers leave out the place in the list when a field of an element is missing.</summary>
    private static string WithoutIndex(string field) => Index().Replace(field, "");

    private Task<JsonObject> DryRunAsync(InstanceBuilder builder) => Bed.Objects.CreateAsync(TestInstance.Type, "default", builder.Manifest, dryRun: true);

    private static JsonNode? Find(JsonNode node, string path)
    {
        var found = (JsonNode?)node;
        foreach (var part in path.Split('.'))
        {
            found = found?[part];
        }

        return found;
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
