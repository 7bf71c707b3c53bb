using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>
/// One rule that spans fields, in both its forms: the CEL expression for API servers that know it, and the same check in C#
/// for those that do not and for objects that are older than the rule. Both give the same message.
/// </summary>
public abstract class InstanceRule
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

    internal abstract IEnumerable<RuleViolation> Check(InstanceSpec? before, InstanceSpec spec);

    private protected RuleViolation At(string path) => new(Id, path + FieldPath, Message);
}

/// <summary>A rule about one state of the object.</summary>
internal sealed class StateRule<TNode>(Scope<TNode> scope, Func<TNode, bool> holds) : InstanceRule
    where TNode : class
{
    public override string SchemaPath => scope.SchemaPath;

    public override bool IsTransition => false;

    internal override IEnumerable<RuleViolation> Check(InstanceSpec? before, InstanceSpec spec) =>
        scope.Find(spec).Where(n => !holds(n.Node)).Select(n => At(n.Path));
}

/// <summary>A rule about a change. Like the API server, it says nothing where the place was absent before or is absent now.</summary>
internal sealed class TransitionRule<TNode>(Scope<TNode> scope, Func<TNode, TNode, bool> holds) : InstanceRule
    where TNode : class
{
    public override string SchemaPath => scope.SchemaPath;

    public override bool IsTransition => true;

    internal override IEnumerable<RuleViolation> Check(InstanceSpec? before, InstanceSpec spec)
    {
        if (before is null)
            return [];
        var old = scope.Find(before).ToDictionary(n => n.Path, n => n.Node);
        return scope.Find(spec).Where(n => old.TryGetValue(n.Path, out var o) && !holds(o, n.Node)).Select(n => At(n.Path));
    }
}
