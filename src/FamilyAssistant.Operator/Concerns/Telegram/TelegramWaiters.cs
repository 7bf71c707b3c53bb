using System.Collections.Concurrent;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// Who waits for which claim: a change of a claim concerns its holder and those who want it. A restart forgets them and looks at every instance anyway; where the watch of
/// the claims is late they look again by themselves.
/// </summary>
internal sealed class TelegramWaiters
{
    private readonly ConcurrentDictionary<ObjectKey, ObjectKey> _wanted = new();

    /// <summary>The instance wants this claim. Said before the claim is read, so that no change of it is missed.</summary>
    public void Add(ObjectKey instance, ObjectKey claim) => _wanted[instance] = claim;

    /// <summary>The instance wants none, or has it.</summary>
    public void Remove(ObjectKey instance) => _wanted.TryRemove(instance, out _);

    /// <summary>The instances that a claim concerns.</summary>
    public IEnumerable<ObjectKey> KeysOf(ICaches caches, ClusterObject claim) =>
    [
        .. _wanted.Where(wanted => wanted.Value == claim.Key).Select(wanted => wanted.Key),
        .. BotClaim.Of(claim)?.Holder is { } holder ? [holder.Instance] : (ObjectKey[])[],
    ];
}
