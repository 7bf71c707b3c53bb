using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about <c>spec.backup</c>.</summary>
internal static class BackupPolicyRules
{
    private static readonly Scope<BackupPolicySpec> Backup = Scope<BackupPolicySpec>.Single("spec.backup", s => s.Backup);
    private static readonly Scope<BackupVolumeSpec> Volume = Scope<BackupVolumeSpec>.Single("spec.backup.volume", s => s.Backup?.Volume);

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<BackupPolicySpec>(Backup, backup => backup.Encryption is not null || !backup.Include.Contains(BackupPart.Secrets))
        {
            Id = "backup-secrets-encrypted",
            Cel = "has(self.encryption) || !('Secrets' in self.include)",
            Message = "Secrets are only ever written encrypted: set encryption.passphraseSecretRef, or take Secrets out of include",
            FieldPath = ".include",
        },
        new TransitionRule<BackupVolumeSpec>(Volume, (old, now) => Quantity.AtMost(old.Size, now.Size))
        {
            Id = "backup-volume-grows",
            Cel = Cel.NotSmaller("size"),
            Message = "a volume can grow but never shrink",
            FieldPath = ".size",
        },
        new TransitionRule<BackupVolumeSpec>(Volume, (old, now) => old.StorageClassName == now.StorageClassName)
        {
            Id = "backup-volume-class-immutable",
            Cel = Cel.Unchanged("storageClassName"),
            Message = "the storage class of an existing volume cannot be changed",
            FieldPath = ".storageClassName",
            Reason = "FieldValueForbidden",
        },
    ];
}
