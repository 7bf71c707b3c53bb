using FamilyAssistant.Operator.Adapters.Health;
using FamilyAssistant.Operator.Adapters.Monitoring;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>
/// Looks at the end of each polling container's log some times after its start, every ten minutes (<see cref="MonitorOptions.TelegramLogInterval"/>), and every 30 seconds while there is a
/// reason to; at most four logs at once.
/// </summary>
internal sealed partial class ConflictMonitor : IConflictMonitor, IHealthListener, IDisposable
{
    private const int AtOnce = 4;

    /// <summary>The first search has to be of now; later ones only keep the message true, and may share what another instance's found.</summary>
    private static readonly TimeSpan SharedFor = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, ConflictMemory> _memories = [];
    private readonly PeriodicLooks<LookKey, PollingContainer, Look> _looks;
    private readonly ILogReader _reader;
    private readonly PollerSearch _search;
    private readonly IWorkSink _sink;
    private readonly ConflictMetrics _metrics;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<ConflictMonitor> _logger;
    private readonly long _start;

    /// <summary>Creates the monitor.</summary>
    public ConflictMonitor(ILogReader reader, PollerSearch search, IWorkSink sink, ConflictMetrics metrics, MonitorOptions options, TimeProvider time, ILogger<ConflictMonitor> logger)
    {
        (_reader, _search, _sink, _metrics, _interval, _time, _logger) = (reader, search, sink, metrics, options.TelegramLogInterval, time, logger);
        _start = time.GetTimestamp();
        _looks = new(new Plan(this), AtOnce, time);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <inheritdoc />
    public PollingConflict? Observe(ObjectKey instance, bool told)
    {
        lock (_lock)
        {
            if (!_memories.TryGetValue(instance, out var memory) && told)
            {
                _memories[instance] = memory = new ConflictMemory(told: true);
                _metrics.Set(instance, conflict: true);
            }

            return memory?.Told;
        }
    }

    /// <inheritdoc />
    public void Keep(ObjectKey instance, IReadOnlyCollection<PollingContainer> containers)
    {
        bool suspicious;
        lock (_lock)
        {
            if (!_memories.TryGetValue(instance, out var memory))
            {
                _memories[instance] = memory = new ConflictMemory();
            }

            memory.Keep(containers, Now);
            suspicious = memory.IsSuspicious;
        }

        _looks.Forget(key => key.Instance == instance && containers.All(container => container.PodUid != key.PodUid));
        foreach (var container in containers)
        {
            Follow(new LookKey(instance, container.PodUid), container, suspicious);
        }
    }

    /// <inheritdoc />
    public void Renew(ObjectKey instance)
    {
        lock (_lock)
        {
            _memories[instance] = new ConflictMemory();
            _metrics.Set(instance, conflict: false);
        }

        _looks.Forget(key => key.Instance == instance);
    }

    /// <inheritdoc />
    public void Forget(ObjectKey instance)
    {
        lock (_lock)
        {
            _memories.Remove(instance);
            _metrics.Remove(instance);
        }

        _looks.Forget(key => key.Instance == instance);
    }

    /// <inheritdoc />
    public async ValueTask HeardAsync(ObjectKey instance, HealthTarget target, HealthObservation answer, CancellationToken ct) =>
        await LearnAsync(instance, memory => memory.Heard(target.PodUid, target.Restarts, answer, Now), ct);

    /// <inheritdoc />
    public void Dispose() => _looks.Dispose();

    /// <summary>The first answer is none and comes at once; nobody waits for it. A reason to look that comes up has the log looked at now.</summary>
    private void Follow(LookKey key, PollingContainer container, bool suspicious) =>
        _ = _looks.ObserveAsync(key, container, suspicious ? "suspicious" : "", TimeSpan.Zero, CancellationToken.None).AsTask();

    private async Task<Look> LookAsync(LookKey key, PollingContainer container, CancellationToken ct)
    {
        if (IsDue(key.Instance, container))
        {
            var finding = await _reader.ReadAsync(container, ct);
            await LearnAsync(key.Instance, memory => memory.Read(container, finding, Now), ct);
        }

        lock (_lock)
        {
            return _memories.TryGetValue(key.Instance, out var memory)
                ? new Look(LookSchedule.Next(memory.AgeOf(container, Now), memory.IsSuspicious, _interval))
                : new Look(Timeout.InfiniteTimeSpan);
        }
    }

    private bool IsDue(ObjectKey instance, PollingContainer container)
    {
        lock (_lock)
        {
            return _memories.TryGetValue(instance, out var memory) && LookSchedule.IsDue(memory.AgeOf(container, Now), memory.IsSuspicious);
        }
    }

    /// <summary>Takes a sign in, looks for its origin when that is due, and has what is told from then on told by a pass.</summary>
    private async ValueTask LearnAsync(ObjectKey instance, Action<ConflictMemory> learn, CancellationToken ct)
    {
        ConflictMemory? memory;
        PollingConflict? before;
        bool searches;
        bool isFirst;
        lock (_lock)
        {
            if (!_memories.TryGetValue(instance, out memory))
            {
                return;
            }

            before = memory.Told;
            learn(memory);
            searches = memory.BeginSearch(Now);
            isFirst = memory.Suspects is null or SuspectedPollers.Unknown;
        }

        var found = searches ? await _search.FindAsync(isFirst ? TimeSpan.Zero : SharedFor, ct) : null;
        lock (_lock)
        {
            if (!_memories.TryGetValue(instance, out var current) || current != memory)
            {
                return;
            }

            if (found is not null && memory.IsConflict)
            {
                memory.Found(found);
            }

            Tell(instance, before, memory.Told);
        }
    }

    private void Tell(ObjectKey instance, PollingConflict? before, PollingConflict? now)
    {
        _metrics.Set(instance, now is not null);
        if (Equals(before, now))
        {
            return;
        }

        if (now is null)
        {
            LogOver(instance);
        }
        else if (!Equals(before?.Suspects, now.Suspects))
        {
            LogConflict(instance, Names(now.Suspects));
        }

        _sink.Enqueue(instance);
    }

    /// <summary>For whoever administers the cluster: only here pods of every namespace are named.</summary>
    private static string Names(SuspectedPollers suspects) => suspects switch
    {
        SuspectedPollers.Found(var pods) => string.Join(", ", pods.Select(poller => poller.ControllerName is null ? $"pod {poller.Pod}" : $"pod {poller.Pod} of {poller.ControllerKind} {poller.ControllerName}")),
        SuspectedPollers.None(true) => "no pod of this cluster",
        SuspectedPollers.None => "no pod of the watched namespaces",
        _ => "nobody knows",
    };

    [LoggerMessage(1302, LogLevel.Warning, "The bot of {Instance} is polled by something that this operator does not run; what looks like it: {Names}")]
    private partial void LogConflict(ObjectKey instance, string names);

    [LoggerMessage(1303, LogLevel.Information, "The bot of {Instance} is polled by nothing else any more")]
    private partial void LogOver(ObjectKey instance);

    private readonly record struct LookKey(ObjectKey Instance, string PodUid);

    /// <summary>When the next look is due; what it found is in the memory.</summary>
    private sealed record Look(TimeSpan Next);

    private sealed class Plan(ConflictMonitor monitor) : ILookPlan<LookKey, PollingContainer, Look>
    {
        public Task<Look> LookAsync(LookKey key, PollingContainer target, CancellationToken ct) => monitor.LookAsync(key, target, ct);

        public bool IsWell(Look seen) => true;

        public TimeSpan NextLook(Look seen, int failuresInARow) =>
            seen.Next > LookSchedule.Suspicious ? LookTimes.Jitter(seen.Next, Random.Shared.NextDouble()) : seen.Next;

        public void Seen(LookKey key, Look seen, bool changed)
        {
            // Learnt, and told where it matters, while looking.
        }
    }
}
