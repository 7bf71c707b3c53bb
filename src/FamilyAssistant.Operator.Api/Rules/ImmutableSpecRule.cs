namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>What was asked for once is not edited. The reconciler knows a changed spec by its generation, which is 1 at creation.</summary>
internal sealed class ImmutableSpecRule : KindRule
{
    /// <summary>The rule in CEL.</summary>
    public const string Expression = "self == oldSelf";

    /// <inheritdoc />
    public override string SchemaPath => "spec";

    /// <inheritdoc />
    public override bool IsTransition => true;
}
