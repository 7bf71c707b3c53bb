using System.Text.Json;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
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

    private static readonly Lazy<SchemaNode> Instance = new(() => Load("instance-spec.schema.json"));
    private static readonly Lazy<SchemaNode> Operation = new(() => Load("operation-spec.schema.json"));
    private static readonly Lazy<SchemaNode> Backup = new(() => Load("backup-spec.schema.json"));
    private static readonly Lazy<SchemaNode> Restore = new(() => Load("restore-spec.schema.json"));
    private static readonly SchemaNode Name = NameOf(ObjectNames.MaxInstanceNameLength, Patterns.InstanceName);
    private static readonly SchemaNode ProcedureName = NameOf(ObjectNames.MaxProcedureNameLength, Patterns.ProcedureName);

    /// <summary>Checks the spec; empty when it keeps every bound.</summary>
    public static IReadOnlyList<RuleViolation> Check(InstanceSpec spec) =>
        CheckJson(JsonSerializer.SerializeToElement(spec, ApiJsonContext.Default.InstanceSpec));

    /// <summary>Checks a spec in JSON, also one that does not decode into <see cref="InstanceSpec"/>: it then says which field is to blame.</summary>
    public static IReadOnlyList<RuleViolation> CheckJson(JsonElement spec) => SchemaValidator.Check(Instance.Value, spec, "spec");

    /// <summary>Checks <c>metadata.name</c>: a DNS label that starts with a letter, short enough for every derived name.</summary>
    public static IReadOnlyList<RuleViolation> CheckName(string name) => CheckName(Name, name);

    /// <summary>Checks the spec of an operation in JSON, also one that does not decode into <see cref="OperationSpec"/>.</summary>
    public static IReadOnlyList<RuleViolation> CheckOperationJson(JsonElement spec) => SchemaValidator.Check(Operation.Value, spec, "spec");

    /// <summary>Checks the spec of a backup in JSON.</summary>
    public static IReadOnlyList<RuleViolation> CheckBackupJson(JsonElement spec) => SchemaValidator.Check(Backup.Value, spec, "spec");

    /// <summary>Checks the spec of a restore in JSON.</summary>
    public static IReadOnlyList<RuleViolation> CheckRestoreJson(JsonElement spec) => SchemaValidator.Check(Restore.Value, spec, "spec");

    /// <summary>Checks <c>metadata.name</c> of an operation, a backup or a restore: a DNS label.</summary>
    public static IReadOnlyList<RuleViolation> CheckProcedureName(string name) => CheckName(ProcedureName, name);

    private static IReadOnlyList<RuleViolation> CheckName(SchemaNode bounds, string name) =>
        SchemaValidator.Check(bounds, JsonSerializer.SerializeToElement(name, ApiJsonContext.Default.String), "metadata.name");

    private static SchemaNode NameOf(int length, string pattern) => SchemaNode.Parse(JsonElement.Parse(
        $$"""{"type": "string", "minLength": 1, "maxLength": {{length}}, "pattern": "{{pattern}}"}"""));

    private static SchemaNode Load(string file)
    {
        using var stream = typeof(SchemaRules).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException("The schema is not part of the assembly: run make crds and build again.");
        using var document = JsonDocument.Parse(stream);
        return SchemaNode.Parse(document.RootElement);
    }
}
