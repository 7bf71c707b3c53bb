using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// Whose turn it is on an instance: an annotation on it with the UID of the operation, written by compare-and-swap only. Two operators with different caches cannot both
/// give it away. It binds only as long as the operation is there and has not ended: a stale one is taken over by the next operation, and cleared by the pass over the instance.
/// </summary>
internal sealed class OperationLock(IClusterApi api, ICaches caches)
{
    /// <summary>UID of the operation that the instance names; null: none.</summary>
    public static string? HolderOf(ClusterObject instance) => instance.Annotations.GetValueOrDefault(WireNames.OperationAnnotation);

    /// <summary>Takes the turn. Null: it is this operation's; otherwise the name of the one that has it.</summary>
    /// <param name="operation">The operation as it was read, live.</param>
    /// <param name="instance">The instance as it was read, live, before anything else is asked here.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ClusterApiException">Conflict: somebody wrote the instance at the same moment.</exception>
    public async ValueTask<string?> TakeAsync(ClusterObject operation, ClusterObject instance, CancellationToken ct)
    {
        if (HolderOf(instance) is { } holder)
        {
            if (holder == operation.Uid)
            {
                return null;
            }

            if (await FindAsync(instance, holder, ct) is { } other && !OperationReader.IsFinal(other))
            {
                return other.Key.Name;
            }
        }

        await WriteAsync(instance, operation.Uid, ct);
        return null;
    }

    /// <summary>Removes the annotation. The instance as it is then.</summary>
    /// <exception cref="ClusterApiException">Conflict: somebody wrote the instance at the same moment.</exception>
    public ValueTask<ClusterObject> ClearAsync(ClusterObject instance, CancellationToken ct) => WriteAsync(instance, null, ct);

    /// <summary>The operation of this UID on this instance, live; null: it is gone.</summary>
    public async ValueTask<ClusterObject?> FindAsync(ClusterObject instance, string uid, CancellationToken ct)
    {
        if (OperationSources.Of(caches, instance.Key).FirstOrDefault(known => known.Uid == uid) is { } cached)
        {
            return await api.GetAsync(Kinds.Operation, cached.Key, ct) is { } live && live.Uid == uid ? live : null;
        }

        // A cache that is late must not be taken for "gone".
        var all = await api.ListAsync(Kinds.Operation, instance.Key.Namespace, null, ct);
        return all.FirstOrDefault(found => found.Uid == uid && OperationReader.InstanceOf(found) == instance.Key.Name);
    }

    private async ValueTask<ClusterObject> WriteAsync(ClusterObject instance, string? uid, CancellationToken ct)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WireNames.OperationAnnotation] = uid } } };
        var written = await api.MergePatchAsync(instance, Encoding.UTF8.GetBytes(patch.ToJsonString()), ct)
            ?? throw new ClusterApiException(ErrorClass.Conflict, HttpStatusCode.Conflict, "Conflict", $"{instance.Type.Kind} {instance.Key} changed while the turn on it was being settled.");
        caches[Kinds.Instance].Remember(written);
        return written;
    }
}
