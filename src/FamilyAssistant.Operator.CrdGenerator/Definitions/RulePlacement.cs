using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Rules;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>Puts the CEL half of every rule at its place in the schema.</summary>
internal static class RulePlacement
{
    public static void Place(JsonObject root, IEnumerable<KindRule> rules)
    {
        foreach (var rule in rules.Where(r => r.Cel is not null))
        {
            var node = Find(root, rule.SchemaPath);
            if (rule.FieldPath.Length > 0)
                Find(node, rule.FieldPath.TrimStart('.'));
            if (node["x-kubernetes-validations"] is not JsonArray list)
                node["x-kubernetes-validations"] = list = [];
            var entry = new JsonObject { ["rule"] = rule.Cel, ["message"] = rule.Message, ["reason"] = rule.Reason };
            if (rule.FieldPath.Length > 0)
                entry["fieldPath"] = rule.FieldPath;
            list.Add(entry);
        }
    }

    private static JsonObject Find(JsonObject from, string path)
    {
        var node = from;
        foreach (var part in path.Split('.'))
        {
            node = node["properties"]?[part.Replace("[]", "", StringComparison.Ordinal)]?.AsObject()
                ?? throw new GeneratorException($"a rule stands at {path}, which is not in the schema");
            if (part.EndsWith("[]", StringComparison.Ordinal))
                node = node["items"]!.AsObject();
        }

        return node;
    }
}
