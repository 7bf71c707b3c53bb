using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>Refuses a schema in which something is unbounded: one object could then fill etcd, and the API server would refuse CEL rules as too expensive.</summary>
internal static class SchemaGuard
{
    public static void Check(JsonObject schema, string path)
    {
        foreach (var (type, bound) in new[] { ("string", "maxLength"), ("array", "maxItems") })
        {
            if ((string?)schema["type"] == type && schema[bound] is null && schema["enum"] is null)
                throw new GeneratorException($"{path}: a {type} needs {bound}");
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            if (schema["maxProperties"] is null)
                throw new GeneratorException($"{path}: a map needs maxProperties");
            Check(values, path + "[]");
        }

        if (schema["items"] is JsonObject items)
            Check(items, path + "[]");
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            Check(property!.AsObject(), $"{path}.{name}");
    }
}
