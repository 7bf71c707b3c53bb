namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>
/// Everything that controllers may ask of the API server. There is no replace: fields that our types do not know would be lost.
/// Transient answers (transport, 429, 5xx, timeouts) are retried inside; what is thrown is a <see cref="ClusterApiException"/>.
/// </summary>
public interface IClusterApi
{
    /// <summary>A live read, for use before something that cannot be undone; null when the object does not exist.</summary>
    Task<ClusterObject?> GetAsync(ResourceType type, ObjectKey key, CancellationToken ct);

    /// <summary>
    /// The object as it was when the write happened that <paramref name="written"/> is the answer to; null when there was none. For the moment after the write only: the API server forgets
    /// earlier states after some minutes.
    /// </summary>
    /// <exception cref="ClusterApiException">Also when that state is not known any more.</exception>
    Task<ClusterObject?> GetBeforeAsync(ClusterObject written, CancellationToken ct);

    /// <summary>A live list of one namespace.</summary>
    Task<IReadOnlyList<ClusterObject>> ListAsync(ResourceType type, string @namespace, string? labelSelector, CancellationToken ct);

    /// <summary>A live list page by page, of which only what <paramref name="keep"/> takes stays in memory: for a search among objects that no cache holds. An empty namespace means all of them.</summary>
    Task<IReadOnlyList<ClusterObject>> SearchAsync(ResourceType type, string @namespace, Func<ClusterObject, bool> keep, CancellationToken ct);

    /// <summary>
    /// Server-side apply with the operator's field manager. <paramref name="force"/> takes over fields of other managers; use it only on an object that is known to be ours.
    /// </summary>
    Task<ApplyResult> ApplyAsync(Manifest manifest, bool force, CancellationToken ct);

    /// <summary>
    /// JSON merge patch of <c>status</c> with the status field manager; a member that shall go is an explicit null. A UID in the manifest must still hold.
    /// </summary>
    /// <remarks>No server-side apply: on Kubernetes 1.20 one that no longer names a member of a custom resource makes null of it, which the schema then refuses.</remarks>
    Task<ClusterObject> PatchStatusAsync(Manifest manifest, CancellationToken ct);

    /// <summary>Creates an object that must exist at most once. Null when the name is taken; the caller then reads it and adopts or fails.</summary>
    Task<ClusterObject?> CreateAsync(Manifest manifest, CancellationToken ct);

    /// <summary>JSON merge patch under a precondition: <paramref name="patch"/> is the JSON text, the UID and the resourceVersion of <paramref name="seen"/> must still hold. Null on conflict or when it is gone.</summary>
    Task<ClusterObject?> MergePatchAsync(ClusterObject seen, ReadOnlyMemory<byte> patch, CancellationToken ct);

    /// <summary>Deletes exactly the object that was seen (UID precondition), in the background. False when it was gone or another one.</summary>
    Task<bool> DeleteAsync(ClusterObject seen, CancellationToken ct);

    /// <summary>Deletes the object only if nobody has changed it since it was seen (preconditions UID and resourceVersion). False when it was gone, changed or another one.</summary>
    Task<bool> DeleteUnchangedAsync(ClusterObject seen, CancellationToken ct);

    /// <summary>The last lines of a container's log. Asked once, without a retry: who follows a log asks again anyway.</summary>
    Task<string> ReadLogAsync(ObjectKey pod, string container, LogRange range, CancellationToken ct);
}

/// <summary>Answer to an apply.</summary>
/// <param name="Object">The object after it.</param>
/// <param name="Created">Whether it did not exist before (HTTP 201).</param>
public sealed record ApplyResult(ClusterObject Object, bool Created)
{
    /// <summary>Whether a field manager other than ours owns anything of it outside <c>status</c>. Only known for an object that existed before.</summary>
    public bool OthersWrote { get; init; }
}
