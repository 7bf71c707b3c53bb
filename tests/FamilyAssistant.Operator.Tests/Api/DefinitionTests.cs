using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class DefinitionTests
{
    private static readonly JsonObject Definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantinstances.yaml").Single();
    private static readonly JsonObject Version = VersionOf(Definition);
    private static readonly JsonObject Schema = SchemaOf(Definition);

    public static TheoryData<string> Definitions => [.. YamlFiles.Under("crds").Where(path => !path.EndsWith("kustomization.yaml", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_string_list_and_map_has_an_upper_bound(string path) =>
        Nodes(PartOf(path, "spec"), "spec").Concat(Nodes(PartOf(path, "status"), "status")).Where(n => Unbounded(n.Node)).Select(n => n.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_field_is_described(string path) =>
        Nodes(SchemaOf(path), "").Where(n => !n.Path.EndsWith("[]", StringComparison.Ordinal) && !n.Path.StartsWith(".metadata", StringComparison.Ordinal)
            && string.IsNullOrEmpty((string?)n.Node["description"])).Select(n => n.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Nothing_is_nullable_untyped_or_open(string path) =>
        Nodes(SchemaOf(path), "").Where(n => n.Node["type"] is null || n.Node["nullable"] is not null || n.Node["x-kubernetes-preserve-unknown-fields"] is not null
            || n.Node["x-kubernetes-int-or-string"] is not null).Select(n => n.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Every_list_says_how_it_merges(string path) =>
        Nodes(SchemaOf(path), "").Where(n => (string?)n.Node["type"] == "array" && n.Node["x-kubernetes-list-type"] is null).Select(n => n.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Definitions))]
    public void No_field_names_another_namespace(string path) =>
        Nodes(PartOf(path, "spec"), "spec").Where(n => n.Path.EndsWith(".namespace", StringComparison.Ordinal)).Select(n => n.Path).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Definitions))]
    public void An_object_that_nobody_has_seen_is_not_current(string path) =>
        PartOf(path, "status")["default"]!.ToJsonString().ShouldBe("""{"observedGeneration":-1}""");

    [Fact]
    public void The_defaults_of_the_schema_are_those_of_the_records()
    {
        var minimal = JsonNode.Parse("""{"image": "a:1", "database": {"managed": {}}}""")!.AsObject();
        var records = JsonSerializer.SerializeToNode(minimal.Deserialize(ApiJsonContext.Default.InstanceSpec)!, ApiJsonContext.Default.InstanceSpec)!.AsObject();
        Fill(Part("spec"), minimal);
        // The policy is on by default, which an absent record means as well.
        minimal.Remove("networkPolicy");
        JsonNode.DeepEquals(minimal, records).ShouldBeTrue($"schema: {minimal}\nrecords: {records}");
    }

    [Fact]
    public void Every_rule_stands_in_the_schema_with_its_message()
    {
        var rules = Nodes(Schema, "").SelectMany(n => n.Node["x-kubernetes-validations"]?.AsArray().Select(r => (n.Path, r!)) ?? []).ToList();
        rules.Count.ShouldBe(InstanceRules.All.Count(r => r.Cel is not null));
        foreach (var rule in InstanceRules.All.Where(r => r.Cel is not null))
        {
            rules.ShouldContain(r => r.Path == "." + rule.SchemaPath && (string?)r.Item2["rule"] == rule.Cel && (string?)r.Item2["message"] == rule.Message
                && ((string?)r.Item2["fieldPath"] ?? "") == rule.FieldPath && (string?)r.Item2["reason"] == rule.Reason, rule.Id);
        }
    }

    [Fact]
    public void Rules_use_only_reasons_that_the_server_knows() =>
        InstanceRules.All.Select(r => r.Reason).Distinct().ShouldBeSubsetOf(["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"]);

    [Fact]
    public void A_rule_speaks_of_the_past_exactly_when_it_is_about_a_change() =>
        InstanceRules.All.Where(r => r.IsTransition != r.Cel!.Contains("oldSelf", StringComparison.Ordinal)).Select(r => r.Id).ShouldBeEmpty();

    /// <summary>Its cost over such a list is not in the schema's bounds: an API server may take it for too expensive, and refuses the whole definition then.</summary>
    [Fact]
    public void No_rule_runs_a_macro_over_a_list_of_literals() =>
        InstanceRules.All.Where(r => System.Text.RegularExpressions.Regex.IsMatch(r.Cel!, @"\]\s*\.(all|exists|exists_one|filter|map)\(")).Select(r => r.Id).ShouldBeEmpty();

    [Fact]
    public void The_table_shows_what_a_person_looks_for() =>
        Version["additionalPrinterColumns"]!.AsArray().Select(c => $"{c!["name"]}{((long?)c["priority"] > 0 ? " (wide)" : "")}")
            .ShouldBe(["Ready", "Status", "Version", "Bot", "Revision", "Last Backup", "Age", "URL (wide)", "Message (wide)"]);

    [Fact]
    public void It_has_the_names_and_subresources_that_commands_use()
    {
        ((string?)Definition["metadata"]!["name"]).ShouldBe("familyassistantinstances.family-assistant.io");
        Definition["spec"]!["names"]!["shortNames"]!.ToJsonString().ShouldBe("""["fai"]""");
        ((string?)Definition["spec"]!["names"]!["kind"]).ShouldBe(FamilyAssistantInstance.KindName);
        ((string?)Version["subresources"]!["scale"]!["labelSelectorPath"]).ShouldBe(".status.selector");
        Version["subresources"]!["status"].ShouldNotBeNull();
    }

    [Fact]
    public void Operations_have_the_names_columns_and_subresources_that_commands_use()
    {
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantoperations.yaml").Single();

        definition["spec"]!["names"]!.ToJsonString().ShouldBe(
            """{"kind":"FamilyAssistantOperation","listKind":"FamilyAssistantOperationList","plural":"familyassistantoperations","singular":"familyassistantoperation","shortNames":["fao"],"categories":["family-assistant"]}""");
        VersionOf(definition)["subresources"]!.ToJsonString().ShouldBe("""{"status":{}}""");
        VersionOf(definition)["additionalPrinterColumns"]!.AsArray().Select(c => $"{c!["name"]}{((long?)c["priority"] > 0 ? " (wide)" : "")}")
            .ShouldBe(["Action", "Instance", "Phase", "Age", "Requested By (wide)", "Message (wide)"]);
        SchemaOf(definition)["properties"]!["spec"]!["x-kubernetes-validations"]!.AsArray().ShouldHaveSingleItem()!["rule"]!.GetValue<string>().ShouldBe("self == oldSelf");
    }

    private static JsonObject VersionOf(JsonObject definition) => definition["spec"]!["versions"]![0]!.AsObject();

    private static JsonObject SchemaOf(JsonObject definition) => VersionOf(definition)["schema"]!["openAPIV3Schema"]!.AsObject();

    private static JsonObject SchemaOf(string path) => SchemaOf(YamlFiles.Read(path).Single());

    private static JsonObject PartOf(string path, string name) => SchemaOf(path)["properties"]![name]!.AsObject();

    private static JsonObject Part(string name) => Schema["properties"]![name]!.AsObject();

    private static bool Unbounded(JsonObject node) => (string?)node["type"] switch
    {
        "string" => node["maxLength"] is null && node["enum"] is null,
        "array" => node["maxItems"] is null,
        _ => node["additionalProperties"] is not null && node["maxProperties"] is null,
    };

    private static IEnumerable<(string Path, JsonObject Node)> Nodes(JsonObject node, string path)
    {
        yield return (path, node);
        var children = (node["properties"]?.AsObject() ?? []).Select(p => ($"{path}.{p.Key}", p.Value!.AsObject()));
        foreach (var inner in new[] { "items", "additionalProperties" })
        {
            if (node[inner] is JsonObject child)
                children = children.Append((path + "[]", child));
        }

        foreach (var found in children.SelectMany(c => Nodes(c.Item2, c.Item1)))
            yield return found;
    }

    private static void Fill(JsonObject schema, JsonObject value)
    {
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (value[name] is null && property!["default"] is { } standard)
                value[name] = standard.DeepClone();
            if (value[name] is JsonObject inner)
                Fill(property!.AsObject(), inner);
        }
    }
}
