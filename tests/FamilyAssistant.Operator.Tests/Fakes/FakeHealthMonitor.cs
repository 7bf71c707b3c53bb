using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Answers by address; an address without one has not answered yet. Every call is written down.</summary>
internal sealed class FakeHealthMonitor : IHealthMonitor
{
    public List<string> Calls { get; } = [];

    public Dictionary<string, HealthObservation> Answers { get; } = [];

    public ValueTask<HealthObservation?> ObserveAsync(ObjectKey instance, HealthTarget target, TimeSpan patience, CancellationToken ct)
    {
        Calls.Add($"observe {instance} {target.PodUid} {target.Restarts} {target.Address}:{target.Port}");
        return ValueTask.FromResult(Answers.GetValueOrDefault(target.Address));
    }

    public void Keep(ObjectKey instance, IReadOnlyCollection<HealthTarget> targets) => Calls.Add($"keep {instance} {string.Join(' ', targets.Select(target => target.PodUid))}");

    public void Forget(ObjectKey instance) => Calls.Add($"forget {instance}");
}
