using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Which operations and instances a watched object concerns.</summary>
internal static class OperationSources
{
    /// <summary>Name of the index of operations by the instance that they are about.</summary>
    public const string Instance = "instance";

    /// <summary>Value of the index.</summary>
    public static IEnumerable<string> InstanceOf(ClusterObject operation) => OperationReader.InstanceOf(operation) is { } name ? [name] : [];

    /// <summary>The operations on an instance.</summary>
    public static IReadOnlyList<ClusterObject> Of(ICaches caches, ObjectKey instance) => caches[Kinds.Operation].List(instance.Namespace, Instance, instance.Name);

    /// <summary>An instance changed: those that have not ended may go on; of those that have, one is enough to see whether there are more than the instance keeps.</summary>
    public static IEnumerable<ObjectKey> OfInstance(ICaches caches, ClusterObject instance)
    {
        var ended = false;
        foreach (var operation in Of(caches, instance.Key))
        {
            if (!OperationReader.IsFinal(operation))
            {
                yield return operation.Key;
            }
            else if (!ended)
            {
                ended = true;
                yield return operation.Key;
            }
        }
    }

    /// <summary>A pod or a StatefulSet of an instance changed: who waits for it?</summary>
    public static IEnumerable<ObjectKey> OfOwned(ICaches caches, ClusterObject item) =>
        item.Labels.TryGetValue(WireNames.InstanceLabel, out var instance) ? Unfinished(caches, new ObjectKey(item.Key.Namespace, instance)) : [];

    /// <summary>An operation changed: the one behind it may be next.</summary>
    public static IEnumerable<ObjectKey> OfSibling(ICaches caches, ClusterObject operation) =>
        OperationReader.InstanceOf(operation) is { } instance ? Unfinished(caches, new ObjectKey(operation.Key.Namespace, instance)) : [];

    /// <summary>An operation changed: the instance whose turn it has may have to be stopped or started.</summary>
    public static IEnumerable<ObjectKey> HeldBy(ICaches caches, ClusterObject operation) =>
        OperationReader.InstanceOf(operation) is { } name
        && caches[Kinds.Instance].Get(new ObjectKey(operation.Key.Namespace, name)) is { } instance
        && OperationLock.HolderOf(instance) == operation.Uid
            ? [instance.Key]
            : [];

    private static IEnumerable<ObjectKey> Unfinished(ICaches caches, ObjectKey instance) =>
        Of(caches, instance).Where(operation => !OperationReader.IsFinal(operation)).Select(operation => operation.Key);
}
