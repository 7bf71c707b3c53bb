using FamilyAssistant.Operator.Api.Restores;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Every rule of <see cref="FamilyAssistantRestore"/> beside the plain bounds.</summary>
public static class RestoreRules
{
    /// <summary>A restore is what was asked for once.</summary>
    public static KindRule Immutable { get; } = new ImmutableSpecRule { Id = "restore-immutable", Cel = ImmutableSpecRule.Expression, Message = "a restore cannot be changed: create another one", Reason = "FieldValueForbidden" };

    /// <summary>A set is named in one way.</summary>
    public static KindRule OneSource { get; } = new SourceRule
    {
        Id = "restore-one-source",
        Cel = "has(self.backupRef) != has(self.volume)",
        Message = "name exactly one of backupRef and volume",
    };

    /// <summary>All rules, in the order in which they stand in the schema.</summary>
    public static IReadOnlyList<KindRule> All { get; } = [Immutable, OneSource];

    /// <summary>Checks one state; empty when it keeps every rule.</summary>
    public static IReadOnlyList<RuleViolation> Check(RestoreSpec spec) => spec.Source.BackupRef is null == spec.Source.Volume is null ? [OneSource.Violation] : [];

    private sealed class SourceRule : KindRule
    {
        public override string SchemaPath => "spec.source";

        public override bool IsTransition => false;
    }
}
