using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Knows the conflict that it is given. Every call is written down.</summary>
internal sealed class FakeConflictMonitor : IConflictMonitor
{
    public List<string> Calls { get; } = [];

    public PollingConflict? Known { get; set; }

    public PollingConflict? Observe(ObjectKey instance, bool told)
    {
        Calls.Add($"observe {instance}{(told ? " told" : "")}");
        return Known;
    }

    public void Keep(ObjectKey instance, IReadOnlyCollection<PollingContainer> containers) =>
        Calls.Add($"keep {instance} {string.Join(' ', containers.Select(container => $"{container.Pod.Name}/{container.Container}#{container.Restarts}"))}".TrimEnd());

    public void Renew(ObjectKey instance) => Calls.Add($"renew {instance}");

    public void Forget(ObjectKey instance) => Calls.Add($"forget {instance}");
}
