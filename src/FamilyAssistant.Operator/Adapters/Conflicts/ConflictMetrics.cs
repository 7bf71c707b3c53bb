using FamilyAssistant.Operator.Runtime.Cluster;
using Prometheus;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>Gauge of the conflicts.</summary>
internal sealed class ConflictMetrics(CollectorRegistry registry)
{
    private readonly Gauge _conflict = Metrics.WithCustomRegistry(registry).CreateGauge(
        "family_assistant_telegram_conflict", "Whether something that this operator does not run polls the instance's bot as well (1) or not (0).", "namespace", "name");

    /// <summary>Sets the gauge.</summary>
    public void Set(ObjectKey instance, bool conflict) => _conflict.WithLabels(instance.Namespace, instance.Name).Set(conflict ? 1 : 0);

    /// <summary>Removes the gauge of an instance that is gone, stopped or has no bot.</summary>
    public void Remove(ObjectKey instance) => _conflict.RemoveLabelled(instance.Namespace, instance.Name);
}
