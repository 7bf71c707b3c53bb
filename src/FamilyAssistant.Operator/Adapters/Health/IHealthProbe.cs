using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>One question to one pod.</summary>
internal interface IHealthProbe
{
    /// <summary>Asks, for at most five seconds; every failure is an answer. Only a cancelled <paramref name="ct"/> is thrown.</summary>
    Task<HealthObservation> AskAsync(HealthTarget target, CancellationToken ct);
}
