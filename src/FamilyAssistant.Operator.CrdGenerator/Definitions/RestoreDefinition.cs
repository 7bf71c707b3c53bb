using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>The definition of <see cref="FamilyAssistantRestore"/>.</summary>
internal static class RestoreDefinition
{
    public static KindDefinition Definition { get; } = new()
    {
        Kind = typeof(FamilyAssistantRestore),
        Name = FamilyAssistantRestore.KindName,
        Plural = FamilyAssistantRestore.Plural,
        ShortName = "far",
        MaxNameLength = ObjectNames.MaxProcedureNameLength,
        NamePattern = Patterns.ProcedureName,
        Rules = RestoreRules.All,
        Columns =
        [
            new("Instance", ".spec.instanceRef.name", "The instance that it is about."),
            new("Phase", ".status.phase", "How far it is, in one word."),
            new("Reason", ".status.reason", "Why, in one word."),
            new("Stage", ".status.stage", "What is being done."),
            new("Set", ".status.set.setId", "Id of the set."),
            PrinterColumn.Age,
            new("Rows", ".status.rows", "Rows in the restored database.") { Type = "integer", IsWide = true },
            new("Requested By", ".status.requestedBy", "Who asked for it.") { IsWide = true },
            new("Message", ".status.message", "What is so, and what to do about it.") { IsWide = true },
        ],
    };
}
