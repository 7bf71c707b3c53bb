using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;

namespace FamilyAssistant.Operator.Tests.Api;

/// <summary>What is wrong with a manifest of an instance that people are told to use.</summary>
internal static class InstanceFaults
{
    private const string Least = """
        {"image": "ghcr.io/werdnum/family-assistant:20260222_031455", "database": {"managed": {}}}
        """;

    /// <summary>Bounds and rules that it breaks, and fields that the records do not know.</summary>
    public static IEnumerable<string> Of(JsonObject instance)
    {
        var spec = instance["spec"]!.AsObject();
        return
        [
            .. SchemaRules.CheckName((string)instance["metadata"]!["name"]!).Select(violation => violation.ToString()),
            .. SchemaRules.CheckJson(JsonSerializer.SerializeToElement(spec)).Select(violation => violation.ToString()),
            .. InstanceRules.Check(spec.Deserialize(ApiJsonContext.Default.InstanceSpec)!).Select(violation => violation.ToString()),
            .. LostBy(spec).Select(path => $"{path} is lost by the records"),
        ];
    }

    /// <summary>Fields of a spec that do not survive the records.</summary>
    public static IEnumerable<string> LostBy(JsonObject spec) =>
        Missing(spec, JsonSerializer.SerializeToNode(spec.Deserialize(ApiJsonContext.Default.InstanceSpec)!, ApiJsonContext.Default.InstanceSpec), "spec");

    /// <summary>A whole instance as it is; a part of a spec with what else an instance needs; null for every other document.</summary>
    public static JsonObject? Completed(JsonObject document)
    {
        if ((string?)document["kind"] == FamilyAssistantInstance.KindName)
        {
            return document;
        }

        if (document.Count != 1 || document["spec"] is not JsonObject part)
        {
            return null;
        }

        var spec = JsonNode.Parse(Least)!.AsObject();
        foreach (var (field, value) in part)
        {
            spec[field] = value?.DeepClone();
        }

        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = "example" }, ["spec"] = spec };
    }

    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? after, string path) => (before, after) switch
    {
        (JsonObject a, JsonObject b) => a.SelectMany(m => Missing(m.Value, b[m.Key], $"{path}.{m.Key}")),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.SelectMany((item, i) => Missing(item, b[i], $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(before, after) ? [] : [path],
    };
}
