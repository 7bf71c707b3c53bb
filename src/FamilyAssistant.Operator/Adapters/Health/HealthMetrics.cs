using FamilyAssistant.Operator.Runtime.Cluster;
using Prometheus;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>Gauge of the applications' health.</summary>
internal sealed class HealthMetrics(CollectorRegistry registry)
{
    private readonly Gauge _up = Metrics.WithCustomRegistry(registry).CreateGauge(
        "family_assistant_health_up", "Whether every running pod of the instance says on /health that it is well (1) or not (0).", "namespace", "name");

    /// <summary>Sets the gauge.</summary>
    public void Set(ObjectKey instance, bool up) => _up.WithLabels(instance.Namespace, instance.Name).Set(up ? 1 : 0);

    /// <summary>Removes the gauge of an instance that is gone or stopped.</summary>
    public void Remove(ObjectKey instance) => _up.RemoveLabelled(instance.Namespace, instance.Name);
}
