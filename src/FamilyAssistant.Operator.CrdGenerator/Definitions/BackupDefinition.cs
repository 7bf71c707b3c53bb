using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.CrdGenerator.Definitions;

/// <summary>The definition of <see cref="FamilyAssistantBackup"/>.</summary>
internal static class BackupDefinition
{
    public static KindDefinition Definition { get; } = new()
    {
        Kind = typeof(FamilyAssistantBackup),
        Name = FamilyAssistantBackup.KindName,
        Plural = FamilyAssistantBackup.Plural,
        ShortName = "fab",
        MaxNameLength = ObjectNames.MaxProcedureNameLength,
        NamePattern = Patterns.ProcedureName,
        Rules = BackupRules.All,
        Columns =
        [
            new("Instance", ".spec.instanceRef.name", "The instance that it is of."),
            new("Phase", ".status.phase", "How far it is, in one word."),
            new("Reason", ".status.reason", "Why, in one word."),
            new("Size", ".status.sizeBytes", "Size of all parts in bytes.") { Type = "integer" },
            new("Rows", ".status.rows", "Rows in the dump.") { Type = "integer" },
            new("Verified", ".status.verified.time", "Time since a test restore succeeded.") { Type = "date" },
            PrinterColumn.Age,
            new("Set", ".status.setId", "Id of the set.") { IsWide = true },
            new("Revision", ".status.revision", "Alembic revision in the dump.") { IsWide = true },
            new("Message", ".status.message", "What is so, and what to do about it.") { IsWide = true },
        ],
    };
}
