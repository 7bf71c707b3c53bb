using System.Collections.Concurrent;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>
/// Holds a changed configuration back for a moment, so that a Secret and a ConfigMap that are applied together cause one rollout.
/// Forgetting what is held back (a restart of the operator) costs at most that moment again.
/// </summary>
internal sealed class RolloutDebounce
{
    /// <summary>Time for which the configuration must not change again.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ObjectKey, (string Hash, DateTimeOffset Since)> _held = new();

    /// <summary>How long to wait yet; zero: roll out.</summary>
    public TimeSpan Remaining(ObjectKey instance, string? running, string wanted, DateTimeOffset now)
    {
        if (running is null || running == wanted)
        {
            _held.TryRemove(instance, out _);
            return TimeSpan.Zero;
        }

        var held = _held.AddOrUpdate(instance, _ => (wanted, now), (_, before) => before.Hash == wanted ? before : (wanted, now));
        var waited = now - held.Since;
        if (waited < TimeSpan.Zero || waited >= Quiet)
        {
            _held.TryRemove(instance, out _);
            return TimeSpan.Zero;
        }

        return Quiet - waited;
    }
}
