using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Every rule of <see cref="FamilyAssistantInstance"/> that spans fields; the API server's and the reconciler's rules are these.</summary>
public static class InstanceRules
{
    /// <summary>All rules, in the order in which they stand in the schema.</summary>
    public static IReadOnlyList<InstanceRule> All { get; } =
        [.. DatabaseRules.All, .. StorageRules.All, .. EnvironmentRules.All, .. TelegramRules.All, .. DebugRules.All, .. PodRules.All, .. BackupPolicyRules.All];

    /// <summary>Checks one state; empty when it keeps every rule. Plain bounds are checked by <see cref="SchemaRules"/>.</summary>
    public static IReadOnlyList<RuleViolation> Check(InstanceSpec spec) =>
        [.. All.Where(r => !r.IsTransition).SelectMany(r => r.Check(null, spec))];

    /// <summary>
    /// The violation of a rule about a place that a spec has once, for a change that shows only in what the cluster holds: a server without CEL let it in, and the spec
    /// before is not known.
    /// </summary>
    public static RuleViolation Broken(string id) => All.Single(r => r.Id == id).Violation;

    /// <summary>Checks a change of the spec: what is immutable, what only grows.</summary>
    public static IReadOnlyList<RuleViolation> CheckTransition(InstanceSpec before, InstanceSpec after) =>
        [.. All.Where(r => r.IsTransition).SelectMany(r => r.Check(before, after))];
}
