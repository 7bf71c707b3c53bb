using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What the claim of the set volume says of itself.</summary>
internal sealed record SetClaim(ResourceQuantity? Request, string Phase, string? StorageClass, IReadOnlyList<string> AccessModes, bool IsTerminating)
{
    /// <summary>Key of the size among a claim's resources.</summary>
    public const string StorageResource = "storage";

    /// <summary>Reads it; null when there is none.</summary>
    public static SetClaim? Of(ClusterObject? source)
    {
        if (source is null)
        {
            return null;
        }

        var claim = source.Read<V1PersistentVolumeClaim>();
        return new SetClaim(
            claim.Spec?.Resources?.Requests is { } requests && requests.TryGetValue(StorageResource, out var size) ? size : null,
            claim.Status?.Phase ?? "Pending",
            claim.Spec?.StorageClassName,
            claim.Spec?.AccessModes?.AsReadOnly() ?? [],
            source.IsTerminating);
    }
}

/// <summary>What has to happen to the claim of the set volume. It is made and it grows; nothing ever deletes it.</summary>
internal abstract record SetVolumePlan
{
    private SetVolumePlan()
    {
    }

    /// <summary>Somebody else's claim is used as it is.</summary>
    internal sealed record Use(string Name) : SetVolumePlan;

    /// <summary>The own claim is made, or kept, with this size.</summary>
    internal sealed record Ensure(string Name, ResourceQuantity Size, SetClaim? Claim) : SetVolumePlan
    {
        /// <summary>Whether the claim exists and gets bigger by this.</summary>
        public bool Grows => Claim?.Request is { } now && now.ToDecimal() < Size.ToDecimal();
    }

    /// <summary>Not as it is.</summary>
    internal sealed record Refuse(string Reason, string Message) : SetVolumePlan;

    /// <summary>Name of the claim.</summary>
    public static string NameOf(string instance, BackupVolumeSpec volume) => volume.ExistingClaim ?? ObjectNames.BackupClaim(instance);

    /// <summary>Pure decision.</summary>
    public static SetVolumePlan Decide(string instance, BackupVolumeSpec volume, SetClaim? claim)
    {
        var name = NameOf(instance, volume);
        return claim switch
        {
            null when volume.ExistingClaim is null => new Ensure(name, new ResourceQuantity(volume.Size), null),
            null => new Refuse(BackupsReasons.ClaimNotFound, $"spec.backup.volume.existingClaim: PersistentVolumeClaim {name} does not exist in this namespace. Create it."),
            { Phase: "Lost" } => new Refuse(BackupsReasons.ClaimLost, $"The volume of PersistentVolumeClaim {name} is gone, and the sets on it. Bind the claim to a volume again; or delete it, for an empty one to be made, and the backups whose sets are gone."),
            { IsTerminating: true } => new Refuse(BackupsReasons.ClaimTerminating, $"PersistentVolumeClaim {name} was deleted; its sets go when no pod uses it. Copy what you need from it now. It is made anew when it is gone."),
            _ when volume.ExistingClaim is not null => new Use(name),
            _ => Own(name, volume, claim),
        };
    }

    private static SetVolumePlan Own(string name, BackupVolumeSpec volume, SetClaim claim)
    {
        if (volume.StorageClassName is { } wanted && claim.StorageClass is { } has && wanted != has)
        {
            return new Refuse(BackupsReasons.Immutable, $"{InstanceRules.Broken("backup-volume-class-immutable")}. PersistentVolumeClaim {name} is of class {has}: set it back; or make a claim of the other class, copy the sets to it, and name it in spec.backup.volume.existingClaim.");
        }

        var size = new ResourceQuantity(volume.Size);
        if (claim.Request is not { } request)
        {
            return new Ensure(name, size, claim);
        }

        if (size.ToDecimal() < request.ToDecimal())
        {
            return new Refuse(BackupsReasons.CannotShrink, $"{InstanceRules.Broken("backup-volume-grows")}. PersistentVolumeClaim {name} has {request}: set spec.backup.volume.size to {request} or more.");
        }

        // Only a bound claim may grow; the API server refuses the change before that.
        return new Ensure(name, claim.Phase == "Bound" ? size : request, claim);
    }
}
