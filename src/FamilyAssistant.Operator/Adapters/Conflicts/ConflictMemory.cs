using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>
/// What is known of a conflict of one instance. It begins with the first sign. It is over when a container has run for the whole window, says that it is well, and its log has
/// no sign of the window: an older application ends and starts again and again during a conflict, and is well for a moment each time. Pure; the caller has the clock and the lock.
/// </summary>
internal sealed class ConflictMemory
{
    /// <summary>The library tries again after 30 seconds at most, and a poll takes ten: two tries without a conflict are the end of it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan SearchAgain = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SearchAfterFailure = TimeSpan.FromSeconds(30);

    private readonly Dictionary<(string PodUid, int Restarts), Seen> _containers = [];
    private bool _isInLog;
    private TimeSpan? _searchedAt;

    /// <summary>Nothing is known yet, or, when the status told of one, a conflict whose evidence an earlier process had.</summary>
    public ConflictMemory(bool told = false)
    {
        IsConflict = _isInLog = told;
        Suspects = told ? new SuspectedPollers.Unknown() : null;
    }

    /// <summary>Whether there is a conflict.</summary>
    public bool IsConflict { get; private set; }

    /// <summary>Its latest evidence, or empty.</summary>
    public string Evidence { get; private set; } = "";

    /// <summary>Who else may poll; null until the first search is over, so that a conflict is told once and with its origin.</summary>
    public SuspectedPollers? Suspects { get; private set; }

    /// <summary>The conflict as it is told.</summary>
    public PollingConflict? Told => IsConflict && Suspects is not null ? new PollingConflict(Evidence, Suspects) : null;

    /// <summary>Whether a look at a log is worth more than otherwise.</summary>
    public bool IsSuspicious => IsConflict || _containers.Values.Any(container => container.Health == Health.Wrong);

    /// <summary>Age of a container, as far as this process saw it; zero for one that is not followed.</summary>
    public TimeSpan AgeOf(PollingContainer container, TimeSpan now) => _containers.TryGetValue(KeyOf(container), out var seen) ? now - seen.Since : TimeSpan.Zero;

    /// <summary>Follows these containers and forgets what others said.</summary>
    public void Keep(IReadOnlyCollection<PollingContainer> containers, TimeSpan now)
    {
        foreach (var gone in _containers.Keys.Except(containers.Select(KeyOf)).ToList())
        {
            _containers.Remove(gone);
        }

        foreach (var container in containers)
        {
            _containers.TryAdd(KeyOf(container), new Seen(now));
        }
    }

    /// <summary>What <c>/health</c> of a pod said.</summary>
    public void Heard(string podUid, int restarts, HealthObservation answer, TimeSpan now)
    {
        if (!_containers.TryGetValue((podUid, restarts), out var seen))
        {
            return;
        }

        seen.Health = answer.Status switch { "ok" => Health.Well, "unhealthy" => Health.Wrong, _ => Health.Unclear };
        if (TellsConflict(answer))
        {
            Begin(answer.Reason, isInLog: false);
        }
        else
        {
            EndIfOver(now);
        }
    }

    /// <summary>What a look at a log found.</summary>
    public void Read(PollingContainer container, LogFinding finding, TimeSpan now)
    {
        if (!_containers.TryGetValue(KeyOf(container), out var seen))
        {
            return;
        }

        seen.Log = finding;
        if (finding is LogFinding.Conflict conflict)
        {
            Begin(conflict.Line, isInLog: true);
        }
        else
        {
            EndIfOver(now);
        }
    }

    /// <summary>Whether a search is due. Asked once for each: it counts as begun.</summary>
    public bool BeginSearch(TimeSpan now)
    {
        var pause = Suspects is SuspectedPollers.Unknown ? SearchAfterFailure : SearchAgain;
        if (!IsConflict || (_searchedAt is { } before && now - before < pause))
        {
            return false;
        }

        _searchedAt = now;
        return true;
    }

    /// <summary>What a search found. One that failed leaves what an earlier one found.</summary>
    public void Found(SuspectedPollers suspects) => Suspects = suspects is SuspectedPollers.Unknown ? Suspects ?? suspects : suspects;

    /// <summary>Whether the application itself speaks of a conflict; older versions do.</summary>
    public static bool TellsConflict(HealthObservation answer) => answer.Status == "unhealthy" && answer.Reason.Contains("Conflict", StringComparison.OrdinalIgnoreCase);

    private static (string PodUid, int Restarts) KeyOf(PollingContainer container) => (container.PodUid, container.Restarts);

    private void Begin(string evidence, bool isInLog)
    {
        _isInLog |= isInLog;

        // The first words stay for as long as the conflict lasts: the library repeats itself, and a status that follows every repetition would be written again and again.
        Evidence = Evidence.Length > 0 ? Evidence : evidence;
        IsConflict = true;
    }

    private void EndIfOver(TimeSpan now)
    {
        if (!IsConflict || _containers.Count == 0 || !_containers.Values.All(container => IsQuiet(container, now)))
        {
            return;
        }

        (IsConflict, _isInLog, Evidence, Suspects, _searchedAt) = (false, false, "", null, null);
    }

    /// <summary>Where the log cannot be read, it cannot have been the evidence, and its silence is not needed.</summary>
    private bool IsQuiet(Seen container, TimeSpan now) => now - container.Since >= Window && container.Health == Health.Well
        && (container.Log is LogFinding.Quiet || (container.Log is not LogFinding.Conflict && !_isInLog));

    private enum Health
    {
        Unclear,
        Well,
        Wrong,
    }

    private sealed class Seen(TimeSpan since)
    {
        public TimeSpan Since => since;

        public Health Health { get; set; }

        public LogFinding? Log { get; set; }
    }
}
