using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>What has to happen to the data volume.</summary>
internal abstract record StoragePlan
{
    private StoragePlan()
    {
    }

    /// <summary>Somebody else's claim is used as it is.</summary>
    internal sealed record Use(string Name, DataClaim Claim) : StoragePlan;

    /// <summary>The own claim is made, or kept, with this size.</summary>
    internal sealed record Ensure(string Name, ResourceQuantity Size, DataClaim? Claim) : StoragePlan
    {
        /// <summary>Whether the claim exists and gets bigger by this.</summary>
        public bool Grows => Claim?.Request is { } now && now.ToDecimal() < Size.ToDecimal();
    }

    /// <summary>Not as it is.</summary>
    internal sealed record Refuse(string Reason, string Message, bool NeedsSpecChange = false) : StoragePlan;

    /// <summary>Being deleted while nothing uses it: made anew when it is gone.</summary>
    internal sealed record Wait(string Message) : StoragePlan;

    /// <summary>Pure decision.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="spec">Its spec.</param>
    /// <param name="claim">The claim of the needed name.</param>
    /// <param name="inUse">Whether a pod of the application exists.</param>
    /// <param name="mounted">Name of the claim in the application's StatefulSet; null when there is none.</param>
    public static StoragePlan Decide(string instance, InstanceSpec spec, DataClaim? claim, bool inUse, string? mounted)
    {
        var existing = spec.Storage.ExistingClaim;
        var name = existing ?? ObjectNames.DataClaim(instance);
        if (mounted is not null && mounted != name)
        {
            var remedy = mounted == ObjectNames.DataClaim(instance) ? "Remove the field" : $"Set it back to {mounted}";
            return new Refuse(StorageReasons.Immutable, $"{InstanceRules.Broken("storage-claim-immutable")}. The instance's files are in PersistentVolumeClaim {mounted}. {remedy}.", NeedsSpecChange: true);
        }

        if (claim is null)
        {
            return existing is null
                ? new Ensure(name, new ResourceQuantity(spec.Storage.Size), null)
                : new Refuse(StorageReasons.ClaimNotFound, $"spec.storage.existingClaim: PersistentVolumeClaim {name} does not exist in this namespace. Create it; the instance goes on by itself.");
        }

        return Gone(name, claim, inUse)
            ?? Shared(name, spec, claim)
            ?? (existing is not null ? new Use(name, claim) : Own(name, spec.Storage, claim));
    }

    private static StoragePlan? Gone(string name, DataClaim claim, bool inUse) => claim switch
    {
        { Phase: "Lost" } => new Refuse(StorageReasons.ClaimLost, $"The volume of PersistentVolumeClaim {name} is gone. Bind the claim to a volume again, or delete the claim and restore its files from a backup."),

        // The claim stays as long as its pod does; stopping the pod is what would lose the data.
        { IsTerminating: true } when inUse => new Refuse(StorageReasons.ClaimTerminating, $"PersistentVolumeClaim {name} was deleted and its files go as soon as the pod stops. Copy them now; do not restart the instance before that."),
        { IsTerminating: true } => new Wait($"PersistentVolumeClaim {name} is being deleted; it is made anew when it is gone."),
        _ => null,
    };

    private static Refuse? Shared(string name, InstanceSpec spec, DataClaim claim) =>
        spec.Replicas > 1 && !claim.AccessModes.Contains(nameof(VolumeAccessMode.ReadWriteMany))
            ? new Refuse(StorageReasons.AccessModeMismatch, $"spec.replicas is {spec.Replicas}, but PersistentVolumeClaim {name} cannot be mounted by several nodes (its access mode is {string.Join(", ", claim.AccessModes)}). Set spec.replicas to 1, or use a claim with ReadWriteMany.", NeedsSpecChange: true)
            : null;

    private static StoragePlan Own(string name, StorageSpec spec, DataClaim claim)
    {
        if (spec.StorageClassName is { } wanted && claim.StorageClass is { } has && wanted != has)
        {
            return new Refuse(StorageReasons.Immutable, $"{InstanceRules.Broken("storage-class-immutable")}. PersistentVolumeClaim {name} is of class {has}: set it back. To move the data, copy it to a new claim and name that in a new instance.", NeedsSpecChange: true);
        }

        if (claim.AccessModes.Count > 0 && !claim.AccessModes.Contains(spec.AccessMode.ToString()))
        {
            return new Refuse(StorageReasons.Immutable, $"{InstanceRules.Broken("storage-access-mode-immutable")}. PersistentVolumeClaim {name} has {string.Join(", ", claim.AccessModes)}: set it back.", NeedsSpecChange: true);
        }

        var size = new ResourceQuantity(spec.Size);
        if (claim.Request is not { } request)
        {
            return new Ensure(name, size, claim);
        }

        if (size.ToDecimal() < request.ToDecimal())
        {
            return new Refuse(StorageReasons.CannotShrink, $"{InstanceRules.Broken("storage-grows")}. PersistentVolumeClaim {name} has {request}: set spec.storage.size to {request} or more.", NeedsSpecChange: true);
        }

        // Only a bound claim may grow; the API server refuses the change before that.
        return new Ensure(name, claim.Phase == "Bound" ? size : request, claim);
    }
}
