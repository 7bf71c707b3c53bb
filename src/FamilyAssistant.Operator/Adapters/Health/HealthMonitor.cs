using System.Collections.Concurrent;
using FamilyAssistant.Operator.Adapters.Monitoring;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>Asks each running pod of the application every 30 seconds while it is well and every five while it is not.</summary>
internal sealed class HealthMonitor : IHealthMonitor, IDisposable
{
    private readonly PeriodicLooks<PodKey, HealthTarget, HealthObservation> _looks;
    private readonly ConcurrentDictionary<PodKey, bool> _well = new();
    private readonly HealthMetrics _metrics;

    /// <summary>Creates the monitor.</summary>
    public HealthMonitor(IHealthProbe probe, IHealthListener listener, IWorkSink sink, HealthMetrics metrics, TimeProvider time)
    {
        _metrics = metrics;
        _looks = new(new Plan(probe, listener, sink, Record), atOnce: 64, time);
    }

    /// <inheritdoc />
    public ValueTask<HealthObservation?> ObserveAsync(ObjectKey instance, HealthTarget target, TimeSpan patience, CancellationToken ct) =>
        _looks.ObserveAsync(new PodKey(instance, target.PodUid), target, "", patience, ct);

    /// <inheritdoc />
    public void Keep(ObjectKey instance, IReadOnlyCollection<HealthTarget> targets) =>
        Forget(key => key.Instance == instance && targets.All(target => target.PodUid != key.PodUid));

    /// <inheritdoc />
    public void Forget(ObjectKey instance)
    {
        Forget(key => key.Instance == instance);
        _metrics.Remove(instance);
    }

    /// <inheritdoc />
    public void Dispose() => _looks.Dispose();

    private void Forget(Func<PodKey, bool> match)
    {
        _looks.Forget(match);
        foreach (var key in _well.Keys.Where(match))
        {
            _well.TryRemove(key, out _);
        }
    }

    private void Record(PodKey pod, bool well)
    {
        _well[pod] = well;
        _metrics.Set(pod.Instance, _well.Where(entry => entry.Key.Instance == pod.Instance).All(entry => entry.Value));
    }

    private readonly record struct PodKey(ObjectKey Instance, string PodUid);

    private sealed class Plan(IHealthProbe probe, IHealthListener listener, IWorkSink sink, Action<PodKey, bool> record) : ILookPlan<PodKey, HealthTarget, HealthObservation>
    {
        private static readonly TimeSpan WhenWell = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan WhenNot = TimeSpan.FromSeconds(5);

        public async Task<HealthObservation> LookAsync(PodKey key, HealthTarget target, CancellationToken ct)
        {
            var answer = await probe.AskAsync(target, ct);
            await listener.HeardAsync(key.Instance, target, answer, ct);
            return answer;
        }

        public bool IsWell(HealthObservation seen) => seen.Status is "ok" or "healthy";

        public TimeSpan NextLook(HealthObservation seen, int failuresInARow) =>
            LookTimes.Jitter(IsWell(seen) ? WhenWell : failuresInARow == 1 ? WhenNot / 5 : WhenNot, Random.Shared.NextDouble());

        public void Seen(PodKey key, HealthObservation seen, bool changed)
        {
            record(key, IsWell(seen));
            if (changed)
            {
                sink.Enqueue(key.Instance);
            }
        }
    }
}
