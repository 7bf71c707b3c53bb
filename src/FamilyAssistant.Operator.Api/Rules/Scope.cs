using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>A place of the schema where rules stand, and how to find the values of that place in a spec.</summary>
/// <param name="SchemaPath">Path in the schema; <c>[]</c> stands for the items of a list: <c>spec.env[]</c>.</param>
/// <param name="Find">The values with their paths; a place that the spec leaves out has none, as in the API server.</param>
internal sealed record Scope<TNode>(string SchemaPath, Func<InstanceSpec, IEnumerable<Located<TNode>>> Find)
    where TNode : class
{
    /// <summary>A place that a spec holds at most once.</summary>
    public static Scope<TNode> Single(string path, Func<InstanceSpec, TNode?> get) =>
        new(path, spec => get(spec) is { } node ? [new(path, node)] : []);

    /// <summary>The items of a list.</summary>
    public static Scope<TNode> Each(string path, Func<InstanceSpec, IReadOnlyList<TNode>?> get) =>
        new(path + "[]", spec => get(spec)?.Select((node, i) => new Located<TNode>($"{path}[{i}]", node)) ?? []);

    /// <summary>A member of every value of this place.</summary>
    public Scope<TMember> Member<TMember>(string name, Func<TNode, TMember?> get)
        where TMember : class =>
        new($"{SchemaPath}.{name}", spec => Find(spec)
            .Select(n => (n.Path, Member: get(n.Node)))
            .Where(n => n.Member is not null)
            .Select(n => new Located<TMember>($"{n.Path}.{name}", n.Member!)));
}

/// <summary>A value and where it stands.</summary>
internal readonly record struct Located<TNode>(string Path, TNode Node);
