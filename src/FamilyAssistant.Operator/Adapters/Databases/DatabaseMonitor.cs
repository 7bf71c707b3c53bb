using FamilyAssistant.Operator.Adapters.Monitoring;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>
/// Looks at each instance's database every five minutes while it is well, and more often while it is not: from two seconds apart up to a minute when it does not
/// answer, up to five minutes when it answers but lacks something. At most sixteen at once.
/// </summary>
internal sealed class DatabaseMonitor : IDatabaseMonitor, IDisposable
{
    private readonly PeriodicLooks<ObjectKey, DatabaseTarget, SeenDatabase> _looks;
    private readonly DatabaseMetrics _metrics;

    /// <summary>Creates the monitor.</summary>
    /// <param name="probe">Does the looking.</param>
    /// <param name="sink">Is told of changed observations.</param>
    /// <param name="metrics">Gets the figures.</param>
    /// <param name="time">Clock.</param>
    public DatabaseMonitor(IDatabaseProbe probe, IWorkSink sink, DatabaseMetrics metrics, TimeProvider time)
    {
        _metrics = metrics;
        _looks = new(new Plan(probe, sink, metrics), atOnce: 16, time);
    }

    /// <inheritdoc />
    public async ValueTask<DatabaseObservation?> ObserveAsync(ObjectKey instance, DatabaseTarget target, TimeSpan patience, CancellationToken ct) =>
        (await _looks.ObserveAsync(instance, target with { Incarnation = "" }, target.Incarnation, patience, ct))?.Observation;

    /// <inheritdoc />
    public void Forget(ObjectKey instance)
    {
        _looks.Forget(instance);
        _metrics.Remove(instance);
    }

    /// <inheritdoc />
    public void Dispose() => _looks.Dispose();

    private sealed class Plan(IDatabaseProbe probe, IWorkSink sink, DatabaseMetrics metrics) : ILookPlan<ObjectKey, DatabaseTarget, SeenDatabase>
    {
        private static readonly TimeSpan WhenWell = TimeSpan.FromMinutes(5);
        private static readonly TimeSpan SoonestAgain = TimeSpan.FromSeconds(2);
        private static readonly TimeSpan LatestAgain = TimeSpan.FromMinutes(1);

        public async Task<SeenDatabase> LookAsync(ObjectKey key, DatabaseTarget target, CancellationToken ct)
        {
            var look = await probe.LookAsync(key.Namespace, target, ct);
            return new SeenDatabase(look.Observation) { Figures = look.Figures };
        }

        public bool IsWell(SeenDatabase seen) => seen.IsWell;

        public TimeSpan NextLook(SeenDatabase seen, int failuresInARow) => LookTimes.Jitter(
            seen.IsWell ? WhenWell : LookTimes.BackOff(SoonestAgain, seen.IsUp ? WhenWell : LatestAgain, failuresInARow),
            Random.Shared.NextDouble());

        public void Seen(ObjectKey key, SeenDatabase seen, bool changed)
        {
            metrics.Set(key, seen.IsUp, seen.Figures);
            if (changed)
            {
                sink.Enqueue(key);
            }
        }
    }

    /// <summary>An observation that carries its figures without being compared by them.</summary>
    private sealed record SeenDatabase(DatabaseObservation Observation)
    {
        public DatabaseFigures? Figures { get; init; }

        public bool IsUp => Observation is DatabaseObservation.Available;

        /// <summary>An empty or a conflicting schema, a missing extension or a read-only role is worth a look more often than every five minutes: somebody is about to mend it.</summary>
        public bool IsWell => Observation is DatabaseObservation.Available
        {
            CanWrite: true,
            Vector: VectorSupport.Installed or VectorSupport.Creatable,
            Revisions.Count: 1,
        };

        public bool Equals(SeenDatabase? other) => other is not null && Observation.Equals(other.Observation);

        public override int GetHashCode() => Observation.GetHashCode();
    }
}
