using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>
/// Keeps objects that one owner wants, without touching anybody else's. Decides from the cache whether a request is needed at all,
/// so that a settled owner causes none.
/// </summary>
public interface IOwnedObjects
{
    /// <summary>
    /// Makes the object be as the manifest says. The manifest must not carry the applied annotation or owner references: both are added here
    /// (owner references only when <paramref name="owned"/>). An object that an earlier owner of the same kind and name has left behind is taken over.
    /// </summary>
    /// <param name="owner">The owner; its UID is the test of "ours".</param>
    /// <param name="manifest">Everything that the owner wants of the object.</param>
    /// <param name="owned">False for objects that outlive their owner (volumes): ours by label and annotation of the owner's name, no owner reference.</param>
    /// <param name="adopt">Take over an object of that name which is not ours.</param>
    /// <param name="ct">Cancellation.</param>
    Task<EnsureResult> EnsureAsync(ClusterObject owner, Manifest manifest, bool owned, bool adopt, CancellationToken ct);

    /// <summary>Deletes the object if it is there and ours. True when a delete was sent.</summary>
    Task<bool> RemoveAsync(ClusterObject owner, ResourceType type, ObjectKey key, CancellationToken ct);
}

/// <summary>What was needed.</summary>
public enum EnsureOutcome
{
    /// <summary>Nothing.</summary>
    Unchanged,

    /// <summary>It was missing.</summary>
    Created,

    /// <summary>The desired state had changed.</summary>
    Updated,

    /// <summary>Somebody else had changed an owned field; it was reverted.</summary>
    Reverted,

    /// <summary>An object of that name belongs to somebody else; it was not touched.</summary>
    NameConflict,

    /// <summary>It is being deleted; wait until it is gone.</summary>
    Terminating,
}

/// <summary>Answer to <see cref="IOwnedObjects.EnsureAsync"/>.</summary>
/// <param name="Outcome">What was needed.</param>
/// <param name="Object">The object as it is now; for a conflict, the foreign one.</param>
public sealed record EnsureResult(EnsureOutcome Outcome, ClusterObject Object);
