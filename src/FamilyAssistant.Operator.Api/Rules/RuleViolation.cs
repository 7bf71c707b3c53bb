namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>One field that breaks a rule. The message never quotes the value: a mistyped secret must not reach status or logs.</summary>
/// <param name="RuleId">Stable name of the rule; <c>schema</c> for a plain bound.</param>
/// <param name="FieldPath">Path of the field, for example <c>spec.env[2].name</c>.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record RuleViolation(string RuleId, string FieldPath, string Message)
{
    /// <inheritdoc />
    public override string ToString() => $"{FieldPath}: {Message}";
}
