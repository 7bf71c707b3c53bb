using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Schema;
using FamilyAssistant.Operator.CrdGenerator.Documentation;

namespace FamilyAssistant.Operator.CrdGenerator.Reflection;

/// <summary>Turns a record type into a structural OpenAPI schema, in declaration order.</summary>
public sealed class SchemaBuilder(XmlDocumentation documentation)
{
    /// <summary>The schema of a record.</summary>
    public JsonObject Object(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in Members(type))
        {
            var name = WireName(member);
            properties[name] = Property(member);
            if (member.IsDefined(typeof(RequiredMemberAttribute)) || BuiltInModels.IsRequired(member))
                required.Add(name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
            schema["required"] = required;
        return schema;
    }

    /// <summary>What a record inherits comes first.</summary>
    private static IEnumerable<PropertyInfo> Members(Type type) => type.BaseType is { } inherited && inherited != typeof(object) ? [.. Members(inherited), .. Declared(type)] : Declared(type);

    private static IEnumerable<PropertyInfo> Declared(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(p => p.CanWrite && p.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always })
        .OrderBy(p => p.MetadataToken);

    private static string WireName(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    private JsonObject Property(PropertyInfo member)
    {
        var bounds = member.GetCustomAttribute<SchemaAttribute>() ?? BuiltInModels.Bounds(member);
        var schema = new JsonObject { ["description"] = documentation.Of(member) };
        foreach (var (key, value) in Value(member, member.PropertyType, bounds))
            schema[key] = value?.DeepClone();
        if (bounds.Default is { } json)
            schema["default"] = JsonNode.Parse(json);
        return schema;
    }

    private JsonObject Value(PropertyInfo member, Type declared, SchemaAttribute bounds)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(string))
            return Scalars.Text(bounds);
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return Scalars.Integer(type, bounds);
        if (type.IsEnum)
            return Scalars.Choice(type);
        if (Collections.ItemOf(type) is { } item)
            return Collections.List(Value(member, item, bounds), bounds);
        if (Collections.ValueOf(type) is { } value)
            return Collections.Map(Value(member, value, bounds), bounds);
        if (type.IsClass && type.Namespace is { } space && (space.StartsWith("FamilyAssistant.", StringComparison.Ordinal) || space == "k8s.Models"))
            return Object(type);
        throw new GeneratorException($"{member.DeclaringType!.Name}.{member.Name}: {declared} has no form in a structural schema");
    }
}
