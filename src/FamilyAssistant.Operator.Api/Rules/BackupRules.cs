namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Every rule of <see cref="Backups.FamilyAssistantBackup"/> beside the plain bounds.</summary>
public static class BackupRules
{
    /// <summary>A backup is what was asked for once.</summary>
    public static KindRule Immutable { get; } = new ImmutableSpecRule { Id = "backup-immutable", Cel = ImmutableSpecRule.Expression, Message = "a backup cannot be changed: create another one", Reason = "FieldValueForbidden" };

    /// <summary>All rules, in the order in which they stand in the schema.</summary>
    public static IReadOnlyList<KindRule> All { get; } = [Immutable];
}
