namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Every rule of <see cref="Operations.FamilyAssistantOperation"/> beside the plain bounds.</summary>
public static class OperationRules
{
    /// <summary>An operation is what was asked for once.</summary>
    public static KindRule Immutable { get; } = new ImmutableSpecRule { Id = "operation-immutable", Cel = ImmutableSpecRule.Expression, Message = "an operation cannot be changed: create another one", Reason = "FieldValueForbidden" };

    /// <summary>All rules, in the order in which they stand in the schema.</summary>
    public static IReadOnlyList<KindRule> All { get; } = [Immutable];
}
