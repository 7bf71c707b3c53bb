using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>
/// One rule that spans fields, in both its forms: the CEL expression for API servers that know it, and the same check in C#
/// for those that do not and for objects that are older than the rule. Both give the same message.
/// </summary>
public abstract class InstanceRule : KindRule
{
    internal abstract IEnumerable<RuleViolation> Check(InstanceSpec? before, InstanceSpec spec);
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
