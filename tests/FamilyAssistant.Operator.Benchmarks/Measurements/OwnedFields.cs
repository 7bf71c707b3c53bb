using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>
/// Cuts out of an object what one field manager owns: exactly what its last server-side apply said, so that the same can be applied again. Reads the
/// <c>fieldsV1</c> of <c>metadata.managedFields</c>.
/// </summary>
internal static class OwnedFields
{
    /// <summary>The owned part of an object.</summary>
    /// <exception cref="InvalidOperationException">The manager has applied nothing.</exception>
    public static JsonObject Of(JsonNode source, string manager)
    {
        var entry = source["metadata"]!["managedFields"]!.AsArray()
            .FirstOrDefault(entry => entry!["manager"]!.GetValue<string>() == manager && entry["operation"]!.GetValue<string>() == "Apply")
            ?? throw new InvalidOperationException($"{manager} has applied nothing of {source["metadata"]!["name"]}");
        return Cut(source, entry["fieldsV1"]!.AsObject()).AsObject();
    }

    private static JsonNode Cut(JsonNode source, JsonObject fields)
    {
        var parts = fields.Where(field => field.Key != ".").ToList();
        if (parts.Count == 0)
        {
            return source.DeepClone();
        }

        return source is JsonArray list
            ? new JsonArray([.. list.Select(item => Item(item!, parts)).OfType<JsonNode>()])
            : new JsonObject(parts.Select(part => KeyValuePair.Create(part.Key[2..], (JsonNode?)Cut(source[part.Key[2..]]!, part.Value!.AsObject()))));
    }

    /// <summary>The owned part of a list's item, or null when the item is not owned.</summary>
    private static JsonNode? Item(JsonNode item, List<KeyValuePair<string, JsonNode?>> parts) => parts
        .Where(part => Names(part.Key, item))
        .Select(part => part.Key.StartsWith("k:", StringComparison.Ordinal) ? Cut(item, part.Value!.AsObject()) : item.DeepClone())
        .FirstOrDefault();

    private static bool Names(string path, JsonNode item)
    {
        var value = JsonNode.Parse(path[2..])!;
        return path.StartsWith("v:", StringComparison.Ordinal)
            ? JsonNode.DeepEquals(value, item)
            : value.AsObject().All(key => JsonNode.DeepEquals(key.Value, item[key.Key]));
    }
}
