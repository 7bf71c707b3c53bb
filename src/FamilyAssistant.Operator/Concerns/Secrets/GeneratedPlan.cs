using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>What has to happen to the Secret of generated keys.</summary>
internal abstract record GeneratedPlan
{
    private GeneratedPlan()
    {
    }

    /// <summary>It is there and complete.</summary>
    internal sealed record Keep : GeneratedPlan;

    /// <summary>There is none: make it, once.</summary>
    internal sealed record Create : GeneratedPlan;

    /// <summary>It cannot be used as it is.</summary>
    internal sealed record Refuse(Finding Finding) : GeneratedPlan;

    /// <summary>
    /// Pure decision. A Secret that exists is never completed or replaced: nobody can tell here whether a missing key was in use, and a new one would end every
    /// session and push subscription without a word.
    /// </summary>
    public static GeneratedPlan Decide(string instance, ClusterObject? secret)
    {
        var name = ObjectNames.GeneratedSecret(instance);
        if (secret is null)
        {
            return new Create();
        }

        if (!IsOurs(instance, secret))
        {
            return new Refuse(new Finding(
                CommonReasons.NameConflict,
                $"Secret {name} exists and was not made by the operator for this instance. Remove or rename it; if it is a backup of the generated keys, give it the labels {WireNames.ManagedByLabel}={WireNames.ManagedByValue} and {WireNames.InstanceLabel}={instance}."));
        }

        if (secret.IsTerminating)
        {
            return new Refuse(new Finding(SecretsReasons.GeneratedSecretTerminating, $"Secret {name} is being deleted. New keys are made when it is gone; restore it from a backup to keep sessions and push subscriptions."));
        }

        var data = DataOf.Secret(secret)!;
        var missing = GeneratedKeys.All.Where(key => !data.TryGetValue(key, out var value) || value.Length == 0).ToArray();
        return missing.Length == 0
            ? new Keep()
            : new Refuse(new Finding(
                SecretsReasons.GeneratedKeyMissing,
                $"Secret {name} lacks {string.Join(", ", missing)}. Put it back from a backup; or delete the whole Secret to have new keys made, which ends sessions and push subscriptions."));
    }

    private static bool IsOurs(string instance, ClusterObject secret) =>
        secret.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue
        && secret.Labels.GetValueOrDefault(WireNames.InstanceLabel) == instance;
}
