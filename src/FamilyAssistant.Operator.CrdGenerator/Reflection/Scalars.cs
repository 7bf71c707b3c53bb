using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Reflection;

/// <summary>Schemas of strings, numbers and enumerations.</summary>
internal static class Scalars
{
    public static JsonObject Text(SchemaAttribute bounds)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (bounds.Format is { } format)
            schema["format"] = format;
        if (bounds.MinLength >= 0)
            schema["minLength"] = bounds.MinLength;
        if (bounds.MaxLength >= 0)
            schema["maxLength"] = bounds.MaxLength;
        if (bounds.Pattern is { } pattern)
            schema["pattern"] = pattern;
        return schema;
    }

    public static JsonObject Integer(Type type, SchemaAttribute bounds)
    {
        var schema = new JsonObject { ["type"] = "integer", ["format"] = type == typeof(int) ? "int32" : "int64" };
        if (bounds.Minimum != long.MinValue)
            schema["minimum"] = bounds.Minimum;
        if (bounds.Maximum != long.MaxValue)
            schema["maximum"] = bounds.Maximum;
        return schema;
    }

    public static JsonObject Choice(Type type)
    {
        var values = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (JsonNode)(f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name));
        return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. values]) };
    }
}
