using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Reflection;

/// <summary>Schemas of lists and maps.</summary>
internal static class Collections
{
    /// <summary>Type of a list's items; null for what is no list.</summary>
    public static Type? ItemOf(Type type) => Argument(type, [typeof(IReadOnlyList<>), typeof(IList<>)], 0);

    /// <summary>Type of a map's values; null for what is no map.</summary>
    public static Type? ValueOf(Type type) => Argument(type, [typeof(IReadOnlyDictionary<,>), typeof(IDictionary<,>)], 1);

    public static JsonObject List(JsonObject items, SchemaAttribute bounds)
    {
        var schema = new JsonObject { ["type"] = "array" };
        if (bounds.MinItems >= 0)
            schema["minItems"] = bounds.MinItems;
        if (bounds.MaxItems >= 0)
            schema["maxItems"] = bounds.MaxItems;
        schema["x-kubernetes-list-type"] = bounds.ListMapKeys.Length > 0 ? "map" : bounds.ListSet ? "set" : "atomic";
        if (bounds.ListMapKeys.Length > 0)
            schema["x-kubernetes-list-map-keys"] = new JsonArray([.. bounds.ListMapKeys.Select(k => (JsonNode)k)]);
        schema["items"] = items;
        return schema;
    }

    public static JsonObject Map(JsonObject values, SchemaAttribute bounds)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (bounds.MaxProperties >= 0)
            schema["maxProperties"] = bounds.MaxProperties;
        schema["additionalProperties"] = values;
        return schema;
    }

    private static Type? Argument(Type type, Type[] definitions, int index) =>
        type.IsGenericType && definitions.Contains(type.GetGenericTypeDefinition()) ? type.GetGenericArguments()[index] : null;
}
