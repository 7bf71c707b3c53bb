using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Events in their order.</summary>
internal sealed class FakeEvents : IEventRecorder
{
    public List<(EventSeverity Severity, string Reason, string Note)> Recorded { get; } = [];

    /// <summary>Kind of what each is about.</summary>
    public List<(string Kind, string Reason)> About { get; } = [];

    public IEnumerable<string> Reasons => Recorded.Select(recorded => recorded.Reason);

    public void Record(ClusterObject regarding, EventSeverity severity, string reason, string action, string note)
    {
        Recorded.Add((severity, reason, note));
        About.Add((regarding.Type.Kind, reason));
    }
}
