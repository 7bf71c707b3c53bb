using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.storage</c> and what depends on it.</summary>
internal static class StorageRules
{
    private static readonly Scope<InstanceSpec> Spec = Scope<InstanceSpec>.Single("spec", s => s);
    private static readonly Scope<StorageSpec> Storage = Scope<StorageSpec>.Single("spec.storage", s => s.Storage);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<InstanceSpec>(Spec, s => s.Replicas <= 1 || s.Storage.ExistingClaim is not null || s.Storage.AccessMode == VolumeAccessMode.ReadWriteMany)
        {
            Id = "replicas-share-volume",
            Cel = "self.replicas <= 1 || has(self.storage.existingClaim) || self.storage.accessMode == 'ReadWriteMany'",
            Message = "more than one replica needs storage.accessMode ReadWriteMany, because all of them mount the same volume",
            FieldPath = ".replicas",
        },
        new TransitionRule<StorageSpec>(Storage, (old, now) => Quantity.AtMost(old.Size, now.Size))
        {
            Id = "storage-grows",
            Cel = Cel.NotSmaller("size"),
            Message = "a volume can grow but never shrink",
            FieldPath = ".size",
        },
        Immutable("storageClassName", "storage-class-immutable", "the storage class of an existing volume cannot be changed", s => s.StorageClassName),
        Immutable("accessMode", "storage-access-mode-immutable", "the access mode of an existing volume cannot be changed", s => s.AccessMode.ToString()),
        Immutable("existingClaim", "storage-claim-immutable", "another claim would leave the data behind: create another instance for it", s => s.ExistingClaim),
    ];

    private static TransitionRule<StorageSpec> Immutable(string field, string id, string message, Func<StorageSpec, string?> get) =>
        new(Storage, (old, now) => get(old) == get(now))
        {
            Id = id,
            Cel = Cel.Unchanged(field),
            Message = message,
            FieldPath = "." + field,
            Reason = "FieldValueForbidden",
        };
}
