using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using Prometheus;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Gauges and counter of the instances' backups. Times are absolute, so that an alert can compare them with its own clock.</summary>
internal sealed class BackupMetrics
{
    private static readonly string[] Labels = ["namespace", "name"];
    private readonly Gauge _healthy;
    private readonly Gauge _lastSuccess;
    private readonly Gauge _lastVerification;
    private readonly Gauge _size;
    private readonly Gauge _sets;
    private readonly Gauge _next;
    private readonly Counter _finished;

    public BackupMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        _healthy = factory.CreateGauge("family_assistant_backup_healthy", "Whether the condition BackupsHealthy of an instance with spec.backup is True (1) or not (0).", Labels);
        _lastSuccess = factory.CreateGauge("family_assistant_backup_last_success_timestamp_seconds", "When the newest completed backup was finished.", Labels);
        _lastVerification = factory.CreateGauge("family_assistant_backup_last_verification_timestamp_seconds", "When a test restore last succeeded.", Labels);
        _size = factory.CreateGauge("family_assistant_backup_last_size_bytes", "Size of the newest completed set.", Labels);
        _sets = factory.CreateGauge("family_assistant_backup_sets", "Completed sets that have an object.", Labels);
        _next = factory.CreateGauge("family_assistant_backup_next_timestamp_seconds", "The next tick of spec.backup.schedule.", Labels);
        _finished = factory.CreateCounter("family_assistant_backups_total", "Backups that ended, by result (Completed or Failed).", [.. Labels, "result"]);
    }

    /// <summary>Sets the gauges of one instance with <c>spec.backup</c>; what is null is absent.</summary>
    public void Set(ObjectKey instance, bool healthy, BackupFigures figures)
    {
        Set(_healthy, instance, healthy ? 1 : 0);
        Set(_lastSuccess, instance, figures.LastSuccess?.ToUnixTimeSeconds());
        Set(_lastVerification, instance, figures.LastVerified?.ToUnixTimeSeconds());
        Set(_size, instance, figures.NewestSizeBytes);
        Set(_sets, instance, figures.Sets);
        Set(_next, instance, figures.Next?.ToUnixTimeSeconds());
        // From the beginning: a rate over a series that appears with its first failure misses it.
        _finished.WithLabels(instance.Namespace, instance.Name, ProcedurePhases.Completed);
        _finished.WithLabels(instance.Namespace, instance.Name, ProcedurePhases.Failed);
    }

    /// <summary>One ended.</summary>
    public void Count(ObjectKey instance, string phase) => _finished.WithLabels(instance.Namespace, instance.Name, phase).Inc();

    /// <summary>Removes the gauges of an instance that is gone, or has no <c>spec.backup</c> any more.</summary>
    public void Remove(ObjectKey instance)
    {
        foreach (var gauge in (Gauge[])[_healthy, _lastSuccess, _lastVerification, _size, _sets, _next])
        {
            gauge.RemoveLabelled(instance.Namespace, instance.Name);
        }
    }

    private static void Set(Gauge gauge, ObjectKey instance, double? value)
    {
        if (value is { } number)
        {
            gauge.WithLabels(instance.Namespace, instance.Name).Set(number);
        }
        else
        {
            gauge.RemoveLabelled(instance.Namespace, instance.Name);
        }
    }
}

/// <summary>What the gauges show.</summary>
internal sealed record BackupFigures(DateTimeOffset? LastSuccess, DateTimeOffset? LastVerified, long? NewestSizeBytes, int Sets, DateTimeOffset? Next);
