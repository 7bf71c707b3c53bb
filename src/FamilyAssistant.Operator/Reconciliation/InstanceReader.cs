using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reads an instance as records. A stored object may be older than the schema: one that does not fit must still be told so, and be deletable.</summary>
internal static class InstanceReader
{
    /// <summary>The instance; null when it does not fit into the records.</summary>
    public static FamilyAssistantInstance? Read(ClusterObject source)
    {
        try
        {
            return source.Read(ApiJsonContext.Default.FamilyAssistantInstance);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Metadata, status, and of the spec only what decides about data when the instance goes. What cannot be read is as if it were not there: data is then retained.
    /// </summary>
    public static FamilyAssistantInstance ForDeletion(ClusterObject source)
    {
        var json = JsonNode.Parse(source.Json.Span)!.AsObject();
        var spec = json["spec"] as JsonObject;
        var existingClaim = Text((spec?["storage"] as JsonObject)?["existingClaim"]);
        return new FamilyAssistantInstance
        {
            Metadata = (json["metadata"] is { } metadata ? ModelJson.Deserialise<V1ObjectMeta>(Encoding.UTF8.GetBytes(metadata.ToJsonString())) : null) ?? new(),
            Spec = new InstanceSpec
            {
                Image = "",
                Database = new DatabaseSpec(),
                Storage = new StorageSpec { ExistingClaim = existingClaim },
                DeletionPolicy = Text(spec?["deletionPolicy"]) == nameof(DeletionPolicy.Delete) ? DeletionPolicy.Delete : DeletionPolicy.Retain,
            },
            Status = Status(json["status"]),
        };
    }

    /// <summary>What is wrong with an instance that <see cref="Read"/> cannot read.</summary>
    public static IReadOnlyList<RuleViolation> Violations(ClusterObject source)
    {
        using var document = JsonDocument.Parse(source.Json);
        IReadOnlyList<RuleViolation> found = document.RootElement.TryGetProperty("spec", out var spec) ? SchemaRules.CheckJson(spec) : [];
        return found.Count > 0 ? found : [new RuleViolation(SchemaRules.RuleId, "spec", "does not have the form that this version of the operator knows; apply it again")];
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static InstanceStatus? Status(JsonNode? node)
    {
        try
        {
            return node.Deserialize(ApiJsonContext.Default.InstanceStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
