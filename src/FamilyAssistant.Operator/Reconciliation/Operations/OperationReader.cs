using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>Reads an operation as records. One that does not fit into them, made under another schema, must still be told so.</summary>
internal static class OperationReader
{
    /// <summary>The operation; null when it does not fit into the records.</summary>
    public static FamilyAssistantOperation? Read(ClusterObject source)
    {
        try
        {
            return source.Read(ApiJsonContext.Default.FamilyAssistantOperation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Its status; null when there is none that can be read.</summary>
    public static OperationStatus? StatusOf(ClusterObject source)
    {
        try
        {
            return JsonNode.Parse(source.Json.Span)?["status"].Deserialize(ApiJsonContext.Default.OperationStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Bounds of the schema that it breaks.</summary>
    public static IReadOnlyList<RuleViolation> Violations(ClusterObject source)
    {
        using var document = JsonDocument.Parse(source.Json);
        return
        [
            .. SchemaRules.CheckProcedureName(source.Key.Name),
            .. document.RootElement.TryGetProperty("spec", out var spec) ? SchemaRules.CheckOperationJson(spec) : [new RuleViolation(SchemaRules.RuleId, "spec", "must be set")],
        ];
    }

    /// <summary>Whether it has ended.</summary>
    public static bool IsFinal(ClusterObject source) => OperationPhases.IsFinal(StatusOf(source)?.Phase);

    /// <summary>Name of its instance; null when it names none.</summary>
    public static string? InstanceOf(ClusterObject source) => Read(source)?.Spec.InstanceRef.Name;
}
