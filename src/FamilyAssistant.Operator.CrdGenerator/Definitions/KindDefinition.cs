using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.CrdGenerator.Documentation;
using FamilyAssistant.Operator.CrdGenerator.Reflection;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>What the CustomResourceDefinition of a kind is made from. What all kinds have in common stands here and nowhere else.</summary>
public sealed record KindDefinition
{
    /// <summary>Record of the whole object; its members <c>Spec</c> and <c>Status</c> are the schema.</summary>
    public required Type Kind { get; init; }

    /// <summary>Kind in a manifest.</summary>
    public required string Name { get; init; }

    /// <summary>Plural in the API server's paths; the singular is the kind in lower case.</summary>
    public required string Plural { get; init; }

    /// <summary>What people type.</summary>
    public required string ShortName { get; init; }

    /// <summary>Longest <c>metadata.name</c>.</summary>
    public required int MaxNameLength { get; init; }

    /// <summary>Pattern of <c>metadata.name</c>.</summary>
    public required string NamePattern { get; init; }

    /// <summary>Rules in CEL.</summary>
    public required IReadOnlyList<KindRule> Rules { get; init; }

    /// <summary>The table of <c>kubectl get</c>.</summary>
    public required IReadOnlyList<PrinterColumn> Columns { get; init; }

    /// <summary>The scale subresource, or null.</summary>
    public JsonObject? Scale { get; init; }

    /// <summary>Name of the generated file in <c>crds/</c>.</summary>
    public string FileName => $"{WireNames.Group}_{Plural}.yaml";

    /// <summary>Builds the definition.</summary>
    public JsonObject Build()
    {
        var documentation = new XmlDocumentation();
        var builder = new SchemaBuilder(documentation);
        var spec = Part(builder, documentation, "Spec");
        var status = Part(builder, documentation, "Status");
        // An object that nobody has looked at yet must not count as current (kstatus).
        status["default"] = new JsonObject { ["observedGeneration"] = -1 };
        var root = Root(documentation.Of(Kind), spec, status);
        RulePlacement.Place(root, Rules);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{Plural}.{WireNames.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = WireNames.Group,
                ["names"] = Names(),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(root)),
            },
        };
    }

    private JsonObject Part(SchemaBuilder builder, XmlDocumentation documentation, string name)
    {
        var member = Kind.GetProperty(name) ?? throw new GeneratorException($"{Kind.Name} has no {name}");
        var schema = builder.Object(member.PropertyType);
#pragma warning disable CA1308 // A path in a schema is in lower case.
        SchemaGuard.Check(schema, name.ToLowerInvariant());
#pragma warning restore CA1308
        schema.Insert(0, "description", documentation.Of(member));
        return schema;
    }

    private JsonObject Names() => new()
    {
        ["kind"] = Name,
        ["listKind"] = Name + "List",
        ["plural"] = Plural,
#pragma warning disable CA1308 // The API server wants it in lower case.
        ["singular"] = Name.ToLowerInvariant(),
#pragma warning restore CA1308
        ["shortNames"] = new JsonArray(ShortName),
        ["categories"] = new JsonArray("family-assistant"),
    };

    private JsonObject Root(string description, JsonObject spec, JsonObject status) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = $"Always {WireNames.ApiVersion}." },
            ["kind"] = new JsonObject { ["type"] = "string", ["description"] = $"Always {Name}." },
            ["metadata"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["name"] = new JsonObject { ["type"] = "string", ["maxLength"] = MaxNameLength, ["pattern"] = NamePattern },
                },
            },
            ["spec"] = spec,
            ["status"] = status,
        },
        ["required"] = new JsonArray("metadata", "spec"),
    };

    private JsonObject Version(JsonObject schema)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (Scale is not null)
            subresources["scale"] = Scale.DeepClone();
        return new JsonObject
        {
            ["name"] = WireNames.Version,
            ["served"] = true,
            ["storage"] = true,
            ["subresources"] = subresources,
            ["additionalPrinterColumns"] = new JsonArray([.. Columns.Select(column => (JsonNode)column.ToJson())]),
            ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
        };
    }
}
