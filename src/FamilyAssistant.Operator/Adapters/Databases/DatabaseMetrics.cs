using FamilyAssistant.Operator.Runtime.Cluster;
using Prometheus;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>Gauges of the instances' databases.</summary>
internal sealed class DatabaseMetrics(CollectorRegistry registry)
{
    private readonly Gauge _up = Metrics.WithCustomRegistry(registry).CreateGauge(
        "family_assistant_database_up", "Whether the last look at the instance's database could log in (1) or not (0).", "namespace", "name");

    private readonly Gauge _size = Metrics.WithCustomRegistry(registry).CreateGauge(
        "family_assistant_database_size_bytes", "Size of the instance's database on disk.", "namespace", "name");

    private readonly Gauge _connections = Metrics.WithCustomRegistry(registry).CreateGauge(
        "family_assistant_database_connections", "Sessions in the instance's database by state, without the operator's own.", "namespace", "name", "state");

    /// <summary>Sets the gauges of one instance.</summary>
    public void Set(ObjectKey instance, bool up, DatabaseFigures? figures)
    {
        _up.WithLabels(instance.Namespace, instance.Name).Set(up ? 1 : 0);
        if (figures is null)
        {
            // The figures of a database that does not answer would look like those of one that does.
            RemoveFigures(instance);
            return;
        }

        _size.WithLabels(instance.Namespace, instance.Name).Set(figures.SizeBytes);
        foreach (var stale in States(instance).Where(state => !figures.Connections.ContainsKey(state)))
        {
            _connections.RemoveLabelled(instance.Namespace, instance.Name, stale);
        }

        foreach (var (state, count) in figures.Connections)
        {
            _connections.WithLabels(instance.Namespace, instance.Name, state).Set(count);
        }
    }

    /// <summary>Removes the gauges of an instance that is gone.</summary>
    public void Remove(ObjectKey instance)
    {
        _up.RemoveLabelled(instance.Namespace, instance.Name);
        RemoveFigures(instance);
    }

    private void RemoveFigures(ObjectKey instance)
    {
        _size.RemoveLabelled(instance.Namespace, instance.Name);
        foreach (var state in States(instance))
        {
            _connections.RemoveLabelled(instance.Namespace, instance.Name, state);
        }
    }

    private string[] States(ObjectKey instance) =>
        [.. _connections.GetAllLabelValues().Where(values => values[0] == instance.Namespace && values[1] == instance.Name).Select(values => values[2])];
}
