using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Every rule of <see cref="FamilyAssistantOperation"/> beside the plain bounds.</summary>
public static class OperationRules
{
    /// <summary>An operation is what was asked for once. The reconciler knows a changed spec by its generation, which is 1 at creation.</summary>
    public static KindRule Immutable { get; } = new SpecRule
    {
        Id = "operation-immutable",
        Cel = "self == oldSelf",
        Message = "an operation cannot be changed: create another one",
        Reason = "FieldValueForbidden",
    };

    /// <summary>All rules, in the order in which they stand in the schema.</summary>
    public static IReadOnlyList<KindRule> All { get; } = [Immutable];

    private sealed class SpecRule : KindRule
    {
        public override string SchemaPath => "spec";

        public override bool IsTransition => true;
    }
}
