using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Ports;

/// <summary>Asks the application's <c>/health</c> beside the passes; a changed answer asks for a new pass of its instance.</summary>
internal interface IHealthMonitor
{
    /// <summary>The latest answer of this pod, or null when there is none yet. Waits at most <paramref name="patience"/> for the first one.</summary>
    ValueTask<HealthObservation?> ObserveAsync(ObjectKey instance, HealthTarget target, TimeSpan patience, CancellationToken ct);

    /// <summary>Stops asking the pods of this instance that are not among these.</summary>
    void Keep(ObjectKey instance, IReadOnlyCollection<HealthTarget> targets);

    /// <summary>Stops asking: the instance is gone, stopped, or its pod is not running.</summary>
    void Forget(ObjectKey instance);
}

/// <summary>One container of a pod, as long as it lives.</summary>
/// <param name="PodUid">UID of the pod.</param>
/// <param name="Restarts">Restart count of its container: an answer of the container before does not count.</param>
/// <param name="Address">IP address of the pod.</param>
/// <param name="Port">TCP port.</param>
internal sealed record HealthTarget(string PodUid, int Restarts, string Address, int Port);

/// <summary>What <c>/health</c> said.</summary>
/// <param name="Status"><c>ok</c>, <c>healthy</c>, <c>initializing</c>, <c>unhealthy</c>, or empty when no answer of that form came.</param>
/// <param name="Reason">The application's reason as it came, at most 4096 characters, or what went wrong with the request. It may quote a secret: redact it before it goes anywhere.</param>
internal sealed record HealthObservation(string Status, string Reason);
