using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Has seen what the test says; null: the first look is still under way.</summary>
internal sealed class FakeDatabaseMonitor : IDatabaseMonitor
{
    public DatabaseObservation? Seen { get; set; }

    /// <summary>What was asked for, in its order.</summary>
    public List<DatabaseTarget> Targets { get; } = [];

    /// <summary>Instances that were let go.</summary>
    public List<ObjectKey> Forgotten { get; } = [];

    public ValueTask<DatabaseObservation?> ObserveAsync(ObjectKey instance, DatabaseTarget target, TimeSpan patience, CancellationToken ct)
    {
        Targets.Add(target);
        return ValueTask.FromResult(Seen);
    }

    public void Forget(ObjectKey instance) => Forgotten.Add(instance);
}
