using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Ports;

/// <summary>
/// Notices that something else polls the bot of a running instance: from what its pods answer on <c>/health</c> and from the ends of their logs, beside the passes.
/// A conflict that begins, is over, or whose origin is found asks for a pass of its instance.
/// </summary>
internal interface IConflictMonitor
{
    /// <summary>The conflict of this instance; null when none is known.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="told">Whether its status speaks of a conflict. A process that has just started takes it over: only what is seen ends a conflict.</param>
    PollingConflict? Observe(ObjectKey instance, bool told);

    /// <summary>Looks at the logs of these containers, which were given a bot's token, and at no others of this instance. A conflict that is known stays known.</summary>
    void Keep(ObjectKey instance, IReadOnlyCollection<PollingContainer> containers);

    /// <summary>Begins anew, whatever a status tells: what is known was about another token.</summary>
    void Renew(ObjectKey instance);

    /// <summary>Stops looking and forgets: the instance is gone, stopped, or has no bot.</summary>
    void Forget(ObjectKey instance);
}

/// <summary>One container of a pod, as long as it lives.</summary>
/// <param name="Pod">Namespace and name of the pod.</param>
/// <param name="PodUid">UID of the pod.</param>
/// <param name="Restarts">Restart count of its container: what the container before said does not count.</param>
/// <param name="Container">Name of the container.</param>
internal sealed record PollingContainer(ObjectKey Pod, string PodUid, int Restarts, string Container);

/// <summary>Something else polls the bot.</summary>
/// <param name="Evidence">The application's words as they came, at most 4096 characters, or empty. They may quote a secret: redact them before they go anywhere.</param>
/// <param name="Suspects">Who it may be.</param>
internal sealed record PollingConflict(string Evidence, SuspectedPollers Suspects);

/// <summary>Result of the search for other pods that may poll.</summary>
internal abstract record SuspectedPollers
{
    private SuspectedPollers()
    {
    }

    /// <summary>Pods could not be listed, or not yet.</summary>
    internal sealed record Unknown : SuspectedPollers;

    /// <summary>There is none where the operator looks.</summary>
    /// <param name="WholeCluster">Whether it looks everywhere, or only in the namespaces that it watches.</param>
    internal sealed record None(bool WholeCluster) : SuspectedPollers;

    /// <summary>Pods that look like the application and are not run by this operator, the likeliest first.</summary>
    internal sealed record Found(IReadOnlyList<SuspectedPoller> Pods) : SuspectedPollers
    {
        /// <summary>By content, so that two searches that found the same are no change.</summary>
        public bool Equals(Found? other) => other is not null && Pods.SequenceEqual(other.Pods);

        /// <inheritdoc />
        public override int GetHashCode() => Pods.Count;
    }
}

/// <summary>A pod that may poll.</summary>
/// <param name="Pod">Namespace and name.</param>
/// <param name="ControllerKind">Kind of what keeps it running, for example <c>Deployment</c>; null for a pod on its own.</param>
/// <param name="ControllerName">Its name; null for a pod on its own.</param>
internal sealed record SuspectedPoller(ObjectKey Pod, string? ControllerKind, string? ControllerName);
