using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>Hears each answer before it is told, so that what it concludes from it is known to the pass that the answer asks for.</summary>
internal interface IHealthListener
{
    /// <summary>An answer of this container. It must not take long, for nobody is asked meanwhile.</summary>
    ValueTask HeardAsync(ObjectKey instance, HealthTarget target, HealthObservation answer, CancellationToken ct);
}
