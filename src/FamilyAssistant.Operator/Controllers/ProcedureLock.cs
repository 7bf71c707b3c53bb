using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// Whose turn it is on an instance: an annotation on it with the UID of the procedure, written by compare-and-swap only. Two operators with different caches cannot both
/// give it away. It binds only as long as the procedure is there and has not ended: a stale one is taken over by the next one, and cleared by the pass over the instance.
/// </summary>
internal sealed class ProcedureLock(IClusterApi api, ICaches caches, IEnumerable<IProcedureKind> kinds)
{
    /// <summary>UID of the procedure that the instance names; null: none.</summary>
    public static string? HolderOf(ClusterObject instance) => instance.Annotations.GetValueOrDefault(WireNames.OperationAnnotation);

    /// <summary>Takes the turn. Null: it is this procedure's; otherwise what has it, as a noun and a name.</summary>
    /// <param name="procedure">The procedure as it was read, live.</param>
    /// <param name="runsUnder">UID of a procedure in whose turn this one may run as well.</param>
    /// <param name="instance">The instance as it was read, live, before anything else is asked here.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ClusterApiException">Conflict: somebody wrote the instance at the same moment.</exception>
    public async ValueTask<string?> TakeAsync(ClusterObject procedure, string? runsUnder, ClusterObject instance, CancellationToken ct)
    {
        if (HolderOf(instance) is { } holder)
        {
            if (holder == procedure.Uid || holder == runsUnder)
            {
                return null;
            }

            if (await FindAsync(instance, holder, ct) is (var kind, var other) && !ProcedureReader.IsFinal(other))
            {
                return ProcedureQueue.NameOf(kind, other);
            }
        }

        await WriteAsync(instance, procedure.Uid, ct);
        return null;
    }

    /// <summary>Removes the annotation. The instance as it is then.</summary>
    /// <exception cref="ClusterApiException">Conflict: somebody wrote the instance at the same moment.</exception>
    public ValueTask<ClusterObject> ClearAsync(ClusterObject instance, CancellationToken ct) => WriteAsync(instance, null, ct);

    /// <summary>The procedure of this UID on this instance, live; null: it is gone.</summary>
    public async ValueTask<(IProcedureKind Kind, ClusterObject Source)?> FindAsync(ClusterObject instance, string uid, CancellationToken ct)
    {
        foreach (var kind in kinds)
        {
            if (ProcedureSources.Of(caches, kind.Type, instance.Key).FirstOrDefault(known => known.Uid == uid) is { } cached)
            {
                return await api.GetAsync(kind.Type, cached.Key, ct) is { } live && live.Uid == uid ? (kind, live) : null;
            }
        }

        // A cache that is late must not be taken for "gone".
        foreach (var kind in kinds)
        {
            var all = await api.ListAsync(kind.Type, instance.Key.Namespace, null, ct);
            if (all.FirstOrDefault(found => found.Uid == uid && ProcedureReader.InstanceOf(found) == instance.Key.Name) is { } late)
            {
                return (kind, late);
            }
        }

        return null;
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
