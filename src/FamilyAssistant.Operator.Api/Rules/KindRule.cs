namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>One rule of a kind as it stands in its schema: the CEL expression for API servers that know it, and the words for a person, which the reconciler uses as well.</summary>
public abstract class KindRule
{
    /// <summary>Stable name of the rule, kebab-case.</summary>
    public required string Id { get; init; }

    /// <summary>Where the rule stands in the schema, for example <c>spec.env[]</c>.</summary>
    public abstract string SchemaPath { get; }

    /// <summary>CEL expression that holds when the object is right; null when CEL cannot bound the cost of it.</summary>
    public required string? Cel { get; init; }

    /// <summary>What is wrong and what to write instead.</summary>
    public required string Message { get; init; }

    /// <summary>Field to blame, relative to <see cref="SchemaPath"/>, beginning with a dot; empty: the place itself.</summary>
    public string FieldPath { get; init; } = "";

    /// <summary>Machine-readable cause: <c>FieldValueInvalid</c>, <c>FieldValueForbidden</c>, <c>FieldValueRequired</c> or <c>FieldValueDuplicate</c>.</summary>
    public string Reason { get; init; } = "FieldValueInvalid";

    /// <summary>Whether the rule compares an update with what was there before.</summary>
    public abstract bool IsTransition { get; }

    /// <summary>What breaking it reads like, at its place in the schema.</summary>
    public RuleViolation Violation => At(SchemaPath);

    private protected RuleViolation At(string path) => new(Id, path + FieldPath, Message);
}
