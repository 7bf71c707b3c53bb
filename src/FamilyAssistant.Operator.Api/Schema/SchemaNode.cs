using System.Text.Json;
using System.Text.RegularExpressions;

namespace FamilyAssistant.Operator.Api.Schema;

/// <summary>One node of the structural schema, as far as it bounds values.</summary>
internal sealed class SchemaNode
{
    public required string Type { get; init; }
    public IReadOnlyList<string> Enum { get; private init; } = [];
    public IReadOnlyList<string> Required { get; private init; } = [];
    public IReadOnlyList<string> ListMapKeys { get; private init; } = [];
    public bool ListSet { get; private init; }
    public string? Format { get; private init; }
    public string? Pattern { get; private init; }
    public Regex? Expression { get; private init; }
    public int? MinLength { get; private init; }
    public int? MaxLength { get; private init; }
    public long? Minimum { get; private init; }
    public long? Maximum { get; private init; }
    public int? MinItems { get; private init; }
    public int? MaxItems { get; private init; }
    public int? MaxProperties { get; private init; }
    public IReadOnlyDictionary<string, SchemaNode> Properties { get; private init; } = new Dictionary<string, SchemaNode>();
    public SchemaNode? Items { get; private init; }
    public SchemaNode? AdditionalProperties { get; private init; }

    public static SchemaNode Parse(JsonElement json)
    {
        var pattern = Text(json, "pattern");
        return new SchemaNode
        {
            Type = Text(json, "type")!,
            Enum = Texts(json, "enum"),
            Required = Texts(json, "required"),
            ListMapKeys = Texts(json, "x-kubernetes-list-map-keys"),
            ListSet = Text(json, "x-kubernetes-list-type") == "set",
            Format = Text(json, "format"),
            Pattern = pattern,
            Expression = pattern is null ? null : Compile(pattern),
            MinLength = Number(json, "minLength"),
            MaxLength = Number(json, "maxLength"),
            Minimum = Long(json, "minimum"),
            Maximum = Long(json, "maximum"),
            MinItems = Number(json, "minItems"),
            MaxItems = Number(json, "maxItems"),
            MaxProperties = Number(json, "maxProperties"),
            Properties = json.TryGetProperty("properties", out var members)
                ? members.EnumerateObject().ToDictionary(p => p.Name, p => Parse(p.Value))
                : new Dictionary<string, SchemaNode>(),
            Items = Child(json, "items"),
            AdditionalProperties = Child(json, "additionalProperties"),
        };
    }

    // Unlike RE2's, .NET's "$" also matches before a final line feed: a trailing newline would slip through.
    private static Regex Compile(string pattern) =>
        new(pattern.EndsWith('$') ? pattern[..^1] + @"\z" : pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static SchemaNode? Child(JsonElement json, string name) => json.TryGetProperty(name, out var child) ? Parse(child) : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IReadOnlyList<string> Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : [];

    private static int? Number(JsonElement json, string name) => (int?)Long(json, name);

    private static long? Long(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
