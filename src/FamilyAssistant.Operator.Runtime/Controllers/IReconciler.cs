using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>Brings one object of the primary kind to its desired state. Level-based: it is told only which object, never what happened.</summary>
public interface IReconciler
{
    /// <summary>One pass. An exception is answered by its class: conflict again at once, the rest with back-off.</summary>
    Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken ct);

    /// <summary>
    /// Called instead of a pass while a cache of the object's namespace could not be filled (missing RBAC, for instance): an empty cache must never be
    /// taken for "nothing there". Report it, change nothing. The pass follows by itself once the cache is filled.
    /// </summary>
    Task<ReconcileResult> ReportUnreadableAsync(ObjectKey key, IReadOnlyList<CacheFault> faults, CancellationToken ct) =>
        Task.FromResult(ReconcileResult.CheckAfter(TimeSpan.FromMinutes(1)));
}

/// <summary>Why a cache could not be filled.</summary>
/// <param name="Type">Kind.</param>
/// <param name="Namespace">Namespace that was asked for; empty for all.</param>
/// <param name="Message">What the API server said.</param>
public sealed record CacheFault(ResourceType Type, string Namespace, string Message)
{
    /// <summary>Whether the API server has refused or failed the list, rather than not answered it yet.</summary>
    public bool IsRefused { get; init; }
}

/// <summary>When to look again besides the next watched change.</summary>
/// <param name="After">Null: only when something changes. A time: then.</param>
/// <param name="Retry">Rate-limited back-off of this key instead.</param>
public readonly record struct ReconcileResult(TimeSpan? After, bool Retry)
{
    /// <summary>Only when something changes.</summary>
    public static readonly ReconcileResult Done;

    /// <summary>After this time at the latest.</summary>
    public static ReconcileResult CheckAfter(TimeSpan time) => new(time, false);

    /// <summary>After the key's back-off.</summary>
    public static readonly ReconcileResult BackOff = new(null, true);
}

/// <summary>The queue of a controller, for sources other than watches (a monitor that saw a change outside the cluster).</summary>
public interface IWorkSink
{
    /// <summary>Asks for a pass over this object; coalesced with one that is already asked for.</summary>
    void Enqueue(ObjectKey key);
}
