namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>
/// Replays what was seen in the order in which it happened, and says where two pods could have had one bot's token, or a Secret held a token whose claim
/// somebody else had. Stricter than the count of polls: what could have gone wrong counts, whether or not a process was fast enough.
/// </summary>
internal sealed class FenceCheck
{
    private readonly Dictionary<string, Sighting.Fence> _fences = [];
    private readonly Dictionary<long, string> _holders = [];
    private readonly Dictionary<string, (Sighting.Pod Pod, HashSet<long> Bots)> _pods = [];
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _told = [];

    private FenceCheck()
    {
    }

    /// <summary>One line for each fault; empty is what the operator must achieve.</summary>
    public static IReadOnlyList<string> FaultsOf(IEnumerable<Sighting> sightings)
    {
        List<string> faults = [];
        foreach (var epoch in sightings.GroupBy(sighting => sighting.Epoch))
        {
            faults.AddRange(new FenceCheck().Replay([.. epoch.OrderBy(sighting => sighting.Version)]));
        }

        return [.. faults.Distinct()];
    }

    private List<string> Replay(IReadOnlyList<Sighting> sightings)
    {
        var complete = sightings.OfType<Sighting.Complete>().FirstOrDefault()?.Version ?? long.MaxValue;
        foreach (var sighting in sightings)
        {
            Apply(sighting);
            if (sighting.Version >= complete)
            {
                Look(sighting.Version);
            }
        }

        return _faults;
    }

    private void Apply(Sighting sighting)
    {
        switch (sighting)
        {
            case Sighting.Pod pod:
                // One of the same name has another UID, and is another pod.
                var bots = _pods.TryGetValue(pod.Key, out var known) && known.Pod.Uid == pod.Uid ? known.Bots : [];
                _pods[pod.Key] = (pod, bots);
                if (pod.IsGone || pod.HasEnded)
                {
                    _pods.Remove(pod.Key);
                }

                break;
            case Sighting.Fence fence:
                _fences[fence.Key] = fence;
                if (fence.IsGone)
                {
                    _fences.Remove(fence.Key);
                }

                break;
            case Sighting.Claim claim:
                _holders[claim.Bot] = claim.Holder;
                if (claim.IsGone)
                {
                    _holders.Remove(claim.Bot);
                }

                break;
        }

        foreach (var (pod, bots) in _pods.Values)
        {
            if (pod.TokenFrom is not null && _fences.TryGetValue(pod.TokenFrom, out var fence) && fence.Bot is { } bot)
            {
                bots.Add(bot);
            }
        }
    }

    private void Look(long version)
    {
        foreach (var fence in _fences.Values.Where(fence => fence.Bot is not null))
        {
            var holder = _holders.GetValueOrDefault(fence.Bot!.Value, "nobody");
            if (!holder.EndsWith($"/{fence.Owner}", StringComparison.Ordinal))
            {
                Tell($"Secret {fence.Key} holds a token of bot {fence.Bot}, whose claim {holder} has", version);
            }
        }

        var shared = _pods.Values.SelectMany(entry => entry.Bots.Select(bot => (bot, entry.Pod.Key))).GroupBy(entry => entry.bot, entry => entry.Key).Where(group => group.Count() > 1);
        foreach (var group in shared)
        {
            Tell($"pods {string.Join(" and ", group.Order(StringComparer.Ordinal))} could both have the token of bot {group.Key}", version);
        }
    }

    /// <summary>What lasts is told once.</summary>
    private void Tell(string fault, long version)
    {
        if (_told.Add(fault))
        {
            _faults.Add($"{fault} (revision {version})");
        }
    }
}
