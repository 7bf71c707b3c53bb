using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class SampleTests
{
    public static TheoryData<string> Samples => [.. YamlFiles.Under("deploy/samples")];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_keeps_every_bound_and_rule(string path)
    {
        var instance = Instance(path);
        var spec = instance.Deserialize(ApiJsonContext.Default.FamilyAssistantInstance)!.Spec;
        SchemaRules.CheckName((string)instance["metadata"]!["name"]!).ShouldBeEmpty();
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(instance["spec"])).ShouldBeEmpty();
        InstanceRules.Check(spec).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_survives_the_records_without_loss(string path) => Survives(Instance(path)["spec"]!.AsObject());

    [Fact]
    public void A_complete_spec_survives_the_records_without_loss() => Survives(Specs.Json());

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_names_only_objects_that_it_brings_or_says_to_bring(string path)
    {
        var names = YamlFiles.Read(path).Where(o => (string?)o["kind"] == "Secret").Select(o => (string?)o["metadata"]!["name"]).ToList();
        if (names.Count > 0)
            names.ShouldContain((string?)Instance(path)["spec"]!["secretRef"]!["name"]);
        else
            Instance(path)["metadata"]!["annotations"]![WireNames.AdoptAnnotation].ShouldNotBeNull("only an adoption finds its Secret there");
    }

    private static JsonObject Instance(string path) =>
        YamlFiles.Read(path).Single(o => (string?)o["kind"] == FamilyAssistantInstance.KindName);

    private static void Survives(JsonObject spec)
    {
        var after = JsonSerializer.SerializeToNode(spec.Deserialize(ApiJsonContext.Default.InstanceSpec)!, ApiJsonContext.Default.InstanceSpec);
        Missing(spec, after, "spec").ShouldBeEmpty();
    }

    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? after, string path) => (before, after) switch
    {
        (JsonObject a, JsonObject b) => a.SelectMany(m => Missing(m.Value, b[m.Key], $"{path}.{m.Key}")),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.SelectMany((item, i) => Missing(item, b[i], $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(before, after) ? [] : [path],
    };
}
