using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.Api.Rules;

namespace FamilyAssistant.Operator.Api.Schema;

/// <summary>Checks a JSON value against a <see cref="SchemaNode"/>, with the API server's meaning of every keyword. Unknown fields are no error: the server prunes them.</summary>
internal sealed class SchemaValidator
{
    private readonly List<RuleViolation> _found = [];

    public static IReadOnlyList<RuleViolation> Check(SchemaNode schema, JsonElement value, string path)
    {
        var validator = new SchemaValidator();
        validator.Visit(schema, value, path);
        return validator._found;
    }

    private void Visit(SchemaNode schema, JsonElement value, string path)
    {
        var kind = value.ValueKind;
        switch (schema.Type)
        {
            case "string" when kind == JsonValueKind.String:
                VisitString(schema, value.GetString()!, path);
                break;
            case "integer" when kind == JsonValueKind.Number:
                VisitInteger(schema, value, path);
                break;
            case "boolean" when kind is JsonValueKind.True or JsonValueKind.False:
                break;
            case "array" when kind == JsonValueKind.Array:
                VisitList(schema, value, path);
                break;
            case "object" when kind == JsonValueKind.Object:
                VisitObject(schema, value, path);
                break;
            default:
                Add(path, $"must be of type {schema.Type}");
                break;
        }
    }

    private void VisitString(SchemaNode schema, string text, string path)
    {
        var length = text.EnumerateRunes().Count();
        if (schema.Enum.Count > 0 && !schema.Enum.Contains(text))
            Add(path, "must be one of " + string.Join(", ", schema.Enum));
        if (length < schema.MinLength)
            Add(path, schema.MinLength == 1 ? "must not be empty" : $"must have at least {schema.MinLength} characters");
        else if (length > schema.MaxLength)
            Add(path, $"must have at most {schema.MaxLength} characters");
        else if (schema.Expression is { } expression && !expression.IsMatch(text))
            Add(path, $"must match {schema.Pattern}");
        else if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _))
            Add(path, "must be a time that exists, such as 2026-11-24T18:00:00Z");
    }

    private void VisitInteger(SchemaNode schema, JsonElement value, string path)
    {
        if (!value.TryGetInt64(out var number))
            Add(path, "must be a whole number");
        else if (number < schema.Minimum)
            Add(path, string.Create(CultureInfo.InvariantCulture, $"must be at least {schema.Minimum}"));
        else if (number > schema.Maximum)
            Add(path, string.Create(CultureInfo.InvariantCulture, $"must be at most {schema.Maximum}"));
    }

    private void VisitList(SchemaNode schema, JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinItems)
            Add(path, $"must have at least {schema.MinItems} items");
        if (count > schema.MaxItems)
        {
            Add(path, $"must have at most {schema.MaxItems} items");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var at = $"{path}[{index++}]";
            if (Identity(schema, item) is { } identity && !seen.Add(identity))
                Add(at, schema.ListSet ? "must not be in the list twice" : $"must not have the same {string.Join(" and ", schema.ListMapKeys)} as another item");
            Visit(schema.Items!, item, at);
        }
    }

    private static string? Identity(SchemaNode schema, JsonElement item)
    {
        if (schema.ListSet)
            return item.GetRawText();
        return schema.ListMapKeys.Count == 0 || item.ValueKind != JsonValueKind.Object
            ? null
            : string.Join('\n', schema.ListMapKeys.Select(k => item.TryGetProperty(k, out var v) ? v.GetRawText() : ""));
    }

    private void VisitObject(SchemaNode schema, JsonElement value, string path)
    {
        foreach (var name in schema.Required.Where(name => !value.TryGetProperty(name, out _)))
            Add($"{path}.{name}", "must be set");

        if (schema.AdditionalProperties is { } each)
        {
            if (value.EnumerateObject().Count() > schema.MaxProperties)
            {
                Add(path, $"must have at most {schema.MaxProperties} entries");
                return;
            }

            foreach (var entry in value.EnumerateObject())
                Visit(each, entry.Value, $"{path}[{entry.Name}]");
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (schema.Properties.TryGetValue(member.Name, out var property))
                Visit(property, member.Value, $"{path}.{member.Name}");
        }
    }

    private void Add(string path, string message) => _found.Add(new RuleViolation(SchemaRules.RuleId, path, message));
}
