using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Which procedures and instances a watched object concerns.</summary>
internal static class ProcedureSources
{
    /// <summary>Name of the index of procedures by the instance that they are about.</summary>
    public const string Instance = ProcedureReader.ByInstance;

    /// <summary>The kinds whose objects take turns on an instance.</summary>
    public static readonly IReadOnlyList<ResourceType> All = [Kinds.Operation, Kinds.Backup, Kinds.Restore];

    /// <summary>Value of the index.</summary>
    public static IEnumerable<string> InstanceOf(ClusterObject procedure) => ProcedureReader.InstanceOf(procedure) is { } name ? [name] : [];

    /// <summary>The procedures of one kind on an instance.</summary>
    public static IReadOnlyList<ClusterObject> Of(ICaches caches, ResourceType type, ObjectKey instance) => caches[type].List(instance.Namespace, Instance, instance.Name);

    /// <summary>An instance changed: those that have not ended may go on; of those that have, the last successful one has more to do, and is enough to see whether there are more than the instance keeps.</summary>
    public static Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> OfInstance(ResourceType type) => (caches, instance) =>
    {
        var all = Of(caches, type, instance.Key);
        return [.. all.Where(procedure => !ProcedureReader.IsFinal(procedure)).Select(procedure => procedure.Key), .. Last(all)];
    };

    /// <summary>A pod, a StatefulSet or a Job of an instance changed: who waits for it?</summary>
    public static Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> OfOwned(ResourceType type) => (caches, item) =>
        item.Labels.TryGetValue(WireNames.InstanceLabel, out var instance) ? Unfinished(caches, type, new ObjectKey(item.Key.Namespace, instance)) : [];

    /// <summary>A Job, or a pod of one, changed: the procedure that it works for, also one that has ended.</summary>
    public static Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> OfJob(ResourceType type) => (caches, item) =>
        item.Labels.TryGetValue(WireNames.ProcedureLabel, out var name) && new ObjectKey(item.Key.Namespace, name) is var key && caches[type].Get(key) is not null ? [key] : [];

    /// <summary>Something that an instance has or names changed: what of this kind has not ended may have waited for it.</summary>
    public static Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> OfNeeded(ResourceType type) => (caches, item) =>
        InstanceSources.KeysOf(caches, item).Distinct().SelectMany(instance => Unfinished(caches, type, instance));

    /// <summary>A procedure of any kind changed: those behind it may be next. One of the own kind is always looked at.</summary>
    public static Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> OfSibling(ResourceType type) => (caches, procedure) =>
        ProcedureReader.InstanceOf(procedure) is { } instance ? Unfinished(caches, type, new ObjectKey(procedure.Key.Namespace, instance)) : [];

    /// <summary>A procedure changed: the instance whose turn it has may have to be stopped or started.</summary>
    public static IEnumerable<ObjectKey> HeldBy(ICaches caches, ClusterObject procedure) =>
        ProcedureReader.InstanceOf(procedure) is { } name
        && caches[Kinds.Instance].Get(new ObjectKey(procedure.Key.Namespace, name)) is { } instance
        && ProcedureLock.HolderOf(instance) == procedure.Uid
            ? [instance.Key]
            : [];

    /// <summary>A backup or a restore changed: its instance tells of the backups, and keeps or deletes them.</summary>
    public static IEnumerable<ObjectKey> OfProcedure(ICaches caches, ClusterObject procedure) =>
        ProcedureReader.InstanceOf(procedure) is { } name && new ObjectKey(procedure.Key.Namespace, name) is var key && caches[Kinds.Instance].Get(key) is not null ? [key] : [];

    private static IEnumerable<ObjectKey> Last(IEnumerable<ClusterObject> all) => all
        .Where(ProcedureReader.IsFinal)
        .OrderByDescending(procedure => ProcedureReader.Of(procedure) is var end ? (ProcedurePhases.IsSuccess(end.Phase), end.Created) : default)
        .Select(procedure => procedure.Key)
        .Take(1);

    private static IEnumerable<ObjectKey> Unfinished(ICaches caches, ResourceType type, ObjectKey instance) =>
        Of(caches, type, instance).Where(procedure => !ProcedureReader.IsFinal(procedure)).Select(procedure => procedure.Key);
}
