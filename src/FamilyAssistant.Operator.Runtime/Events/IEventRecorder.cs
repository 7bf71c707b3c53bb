using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Events;

/// <summary>Whether a person should worry.</summary>
public enum EventSeverity
{
    /// <summary>Kubernetes' <c>Normal</c>.</summary>
    Normal,

    /// <summary>Kubernetes' <c>Warning</c>.</summary>
    Warning,
}

/// <summary>Writes <c>events.k8s.io/v1</c> events in the background: never blocks, never throws, aggregates repeats into a series and limits floods per object.</summary>
public interface IEventRecorder
{
    /// <summary>Records one decision about an object.</summary>
    /// <param name="regarding">The object; its UID makes the event appear in <c>kubectl describe</c>.</param>
    /// <param name="severity">Normal or Warning.</param>
    /// <param name="reason">CamelCase, specific: <c>BackupFailed</c>, not <c>Failed</c>.</param>
    /// <param name="action">What the controller did, CamelCase verb: <c>Create</c>, <c>Revert</c>.</param>
    /// <param name="note">What a person should know, at most 1024 characters.</param>
    void Record(ClusterObject regarding, EventSeverity severity, string reason, string action, string note);
}
