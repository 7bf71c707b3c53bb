using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>The definition of <see cref="FamilyAssistantOperation"/>.</summary>
internal static class OperationDefinition
{
    public static KindDefinition Definition { get; } = new()
    {
        Kind = typeof(FamilyAssistantOperation),
        Name = FamilyAssistantOperation.KindName,
        Plural = FamilyAssistantOperation.Plural,
        ShortName = "fao",
        MaxNameLength = ObjectNames.MaxProcedureNameLength,
        NamePattern = Patterns.ProcedureName,
        Rules = OperationRules.All,
        Columns =
        [
            new("Action", ".spec.action", "What it does."),
            new("Instance", ".spec.instanceRef.name", "The instance that it is about."),
            new("Phase", ".status.phase", "How far it is, in one word."),
            PrinterColumn.Age,
            new("Requested By", ".status.requestedBy", "Who asked for it.") { IsWide = true },
            new("Message", ".status.message", "What is so, and what to do about it.") { IsWide = true },
        ],
    };
}
