using System.Text.Json;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>
/// The plain bounds of the schema (patterns, lengths, ranges, required fields), checked again in the reconciler: a stored object may be
/// older than a bound. It reads the schema that <c>make crds</c> writes next to this code, so the two cannot disagree.
/// </summary>
public static class SchemaRules
{
    /// <summary><see cref="RuleViolation.RuleId"/> of every violation found here.</summary>
    public const string RuleId = "schema";

    private static readonly Lazy<SchemaNode> Spec = new(Load);
    private static readonly SchemaNode Name = SchemaNode.Parse(JsonElement.Parse(
        $$"""{"type": "string", "minLength": 1, "maxLength": {{ObjectNames.MaxInstanceNameLength}}, "pattern": "{{Patterns.InstanceName}}"}"""));

    /// <summary>Checks the spec; empty when it keeps every bound.</summary>
    public static IReadOnlyList<RuleViolation> Check(InstanceSpec spec) =>
        CheckJson(JsonSerializer.SerializeToElement(spec, ApiJsonContext.Default.InstanceSpec));

    /// <summary>Checks a spec in JSON, also one that does not decode into <see cref="InstanceSpec"/>: it then says which field is to blame.</summary>
    public static IReadOnlyList<RuleViolation> CheckJson(JsonElement spec) => SchemaValidator.Check(Spec.Value, spec, "spec");

    /// <summary>Checks <c>metadata.name</c>: a DNS label that starts with a letter, short enough for every derived name.</summary>
    public static IReadOnlyList<RuleViolation> CheckName(string name) =>
        SchemaValidator.Check(Name, JsonSerializer.SerializeToElement(name, ApiJsonContext.Default.String), "metadata.name");

    private static SchemaNode Load()
    {
        using var stream = typeof(SchemaRules).Assembly.GetManifestResourceStream("instance-spec.schema.json")
            ?? throw new InvalidOperationException("The schema is not part of the assembly: run make crds and build again.");
        using var document = JsonDocument.Parse(stream);
        return SchemaNode.Parse(document.RootElement);
    }
}
