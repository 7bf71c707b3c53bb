using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What a backup needs of its surroundings before it can begin, as they were read a moment ago. Pure.</summary>
internal sealed record BackupNeeds
{
    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>Its spec.</summary>
    public required InstanceSpec Spec { get; init; }

    /// <summary>Its status; null before the first.</summary>
    public required InstanceStatus? Status { get; init; }

    /// <summary>Parts of the set.</summary>
    public required IReadOnlyList<BackupPart> Include { get; init; }

    /// <summary>Claim of the sets; null: there is none.</summary>
    public required V1PersistentVolumeClaim? SetClaim { get; init; }

    /// <summary>Claim of the data; null: there is none, or it is not needed.</summary>
    public required V1PersistentVolumeClaim? DataClaim { get; init; }

    /// <summary>The Secret of generated keys.</summary>
    public required ClusterObject? Generated { get; init; }

    /// <summary>The Secret with the passphrase; null: there is none, or it is not needed.</summary>
    public required ClusterObject? PassphraseSecret { get; init; }

    /// <summary>Whether a pod of the application is there.</summary>
    public required bool HasPods { get; init; }

    /// <summary>The image with the tools; null while it is not known which.</summary>
    public required string? Image { get; init; }

    /// <summary>Whether a part is asked for.</summary>
    public bool Has(BackupPart part) => Include.Contains(part);

    /// <summary>Name of the claim of the sets.</summary>
    public static string SetClaimOf(string instance, BackupPolicySpec policy) => policy.Volume.ExistingClaim ?? ObjectNames.BackupClaim(instance);

    /// <summary>Name of the claim of the data.</summary>
    public static string DataClaimOf(string instance, InstanceSpec spec) => spec.Storage.ExistingClaim ?? ObjectNames.DataClaim(instance);

    /// <summary>Whether a claim can be attached to one node only.</summary>
    public static bool IsOnOneNode(V1PersistentVolumeClaim? claim) =>
        claim?.Spec?.AccessModes is { } modes && !modes.Contains("ReadWriteMany") && !modes.Contains("ReadOnlyMany");

    /// <summary>Why it cannot begin, or never can; null: it can.</summary>
    public ProcedureOutcome? Obstacle()
    {
        if (Spec.Backup is not { } policy)
        {
            return new ProcedureOutcome.Waiting(BackupReasons.NotConfigured, $"FamilyAssistantInstance {Instance} has no spec.backup, which says where sets go. Add it, spec.backup: {{}} is enough; the backup begins by itself.");
        }

        return OfPassphrase(policy) ?? OfSets(policy) ?? OfData() ?? OfDatabase();
    }

    private ProcedureOutcome.Waiting? OfPassphrase(BackupPolicySpec policy)
    {
        if (!Has(BackupPart.Secrets))
        {
            return null;
        }

        if (policy.Encryption?.PassphraseSecretRef is not { } reference)
        {
            return new ProcedureOutcome.Waiting(BackupReasons.EncryptionNotConfigured, "The part Secrets is only ever written encrypted, and the instance has no spec.backup.encryption. Add it, or ask for a backup without this part (spec.include).");
        }

        return Passphrase.Fault(reference, DataOf.Secret(PassphraseSecret)) is (var reason, var message) ? new ProcedureOutcome.Waiting(reason, message) : null;
    }

    private ProcedureOutcome.Waiting? OfSets(BackupPolicySpec policy)
    {
        var name = SetClaimOf(Instance, policy);
        return SetClaim switch
        {
            null when policy.Volume.ExistingClaim is not null => new ProcedureOutcome.Waiting(BackupReasons.ClaimNotFound, $"spec.backup.volume.existingClaim: PersistentVolumeClaim {name} does not exist in this namespace. Create it, or name another one; the backup begins by itself."),
            null => new ProcedureOutcome.Waiting(BackupReasons.VolumePending, $"PersistentVolumeClaim {name} for the sets is not there yet; the operator makes it. The instance's condition BackupsHealthy says what hinders it."),
            { Metadata.DeletionTimestamp: not null } => new ProcedureOutcome.Waiting(BackupReasons.VolumePending, $"PersistentVolumeClaim {name} for the sets is being deleted; the backup begins when there is a new one."),
            { Status.Phase: "Lost" } => new ProcedureOutcome.Waiting(BackupReasons.VolumePending, $"The volume behind PersistentVolumeClaim {name} for the sets is gone. Delete the claim to get a new one; the sets on it are lost."),
            _ => null,
        };
    }

    private ProcedureOutcome? OfData()
    {
        if (!Has(BackupPart.Files))
        {
            return null;
        }

        var name = DataClaimOf(Instance, Spec);
        return DataClaim switch
        {
            null when Spec.Storage.ExistingClaim is not null => new ProcedureOutcome.Waiting(BackupReasons.ClaimNotFound, $"spec.storage.existingClaim: PersistentVolumeClaim {name} does not exist in this namespace. Create it; the backup begins by itself."),
            null or { Metadata.DeletionTimestamp: not null } => new ProcedureOutcome.Waiting(BackupReasons.VolumePending, $"PersistentVolumeClaim {name} of the data is not there yet, or is being deleted. The instance's condition StorageReady says why."),
            { Spec.AccessModes: { } modes } when HasPods && modes.Contains("ReadWriteOncePod") => new ProcedureOutcome.Failed(BackupReasons.VolumeExclusive, $"PersistentVolumeClaim {name} of the data has the access mode ReadWriteOncePod: nothing can read it while the application has it. Stop the instance for the backup (spec.replicas: 0), leave Files out (spec.include), or use a volume with another access mode."),
            _ => null,
        };
    }

    private ProcedureOutcome.Waiting? OfDatabase()
    {
        if (Generated is null)
        {
            return new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "The generated keys of the instance do not exist yet; they are made by themselves.");
        }

        return Has(BackupPart.Database) && (Status?.Database?.ServerVersion is null || Image is null)
            ? new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, $"The operator has not reached the database yet, so nobody knows which version the tools must have. {OfServer} The backup begins by itself when it is reached.")
            : null;
    }

    private string OfServer => Status?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.DatabaseReady) is { Status: not "True" } condition
        ? $"The instance's condition DatabaseReady says {condition.Reason}: {condition.Message}"
        : "The instance's condition DatabaseReady will say what is wrong.";
}
