using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Api.Schema;
using FamilyAssistant.Operator.CrdGenerator.Documentation;
using FamilyAssistant.Operator.CrdGenerator.Reflection;

namespace FamilyAssistant.Operator.CrdGenerator;

/// <summary>The CustomResourceDefinition of <see cref="FamilyAssistantInstance"/>.</summary>
public static class InstanceDefinition
{
    /// <summary>Builds the definition.</summary>
    public static JsonObject Build()
    {
        var documentation = new XmlDocumentation();
        var builder = new SchemaBuilder(documentation);
        var spec = builder.Object(typeof(InstanceSpec));
        var status = builder.Object(typeof(InstanceStatus));
        SchemaGuard.Check(spec, "spec");
        SchemaGuard.Check(status, "status");

        spec.Insert(0, "description", documentation.Of(typeof(FamilyAssistantInstance).GetProperty(nameof(FamilyAssistantInstance.Spec))!));
        status.Insert(0, "description", documentation.Of(typeof(FamilyAssistantInstance).GetProperty(nameof(FamilyAssistantInstance.Status))!));
        // An object that nobody has looked at yet must not count as current (kstatus).
        status["default"] = new JsonObject { ["observedGeneration"] = -1 };
        var root = Root(documentation.Of(typeof(FamilyAssistantInstance)), spec, status);
        RulePlacement.Place(root, InstanceRules.All);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{FamilyAssistantInstance.Plural}.{WireNames.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = WireNames.Group,
                ["names"] = Names(),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(root)),
            },
        };
    }

    private static JsonObject Names() => new()
    {
        ["kind"] = FamilyAssistantInstance.KindName,
        ["listKind"] = FamilyAssistantInstance.KindName + "List",
        ["plural"] = FamilyAssistantInstance.Plural,
        ["singular"] = "familyassistantinstance",
        ["shortNames"] = new JsonArray("fai"),
        ["categories"] = new JsonArray("family-assistant"),
    };

    private static JsonObject Root(string description, JsonObject spec, JsonObject status) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = $"Always {WireNames.ApiVersion}." },
            ["kind"] = new JsonObject { ["type"] = "string", ["description"] = $"Always {FamilyAssistantInstance.KindName}." },
            ["metadata"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["name"] = new JsonObject { ["type"] = "string", ["maxLength"] = ObjectNames.MaxInstanceNameLength, ["pattern"] = Patterns.InstanceName },
                },
            },
            ["spec"] = spec,
            ["status"] = status,
        },
        ["required"] = new JsonArray("metadata", "spec"),
    };

    private static JsonObject Version(JsonObject schema) => new()
    {
        ["name"] = WireNames.Version,
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = new JsonObject
        {
            ["status"] = new JsonObject(),
            ["scale"] = new JsonObject
            {
                ["specReplicasPath"] = ".spec.replicas",
                ["statusReplicasPath"] = ".status.replicas",
                ["labelSelectorPath"] = ".status.selector",
            },
        },
        ["additionalPrinterColumns"] = PrinterColumns.All(),
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
    };
}
