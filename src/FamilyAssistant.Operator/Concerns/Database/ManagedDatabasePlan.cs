using System.Globalization;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>What has to happen to the managed PostgreSQL.</summary>
internal abstract record ManagedDatabasePlan
{
    private const string SizeKey = "storage";

    private ManagedDatabasePlan()
    {
    }

    /// <summary>There is neither a password nor a volume: make the password, once.</summary>
    internal sealed record GeneratePassword : ManagedDatabasePlan;

    /// <summary>Run it.</summary>
    /// <param name="Password">Password of the role.</param>
    /// <param name="Size">Size that the claim asks for.</param>
    /// <param name="Before">Size that an existing claim asks for now.</param>
    internal sealed record Serve(string Password, ResourceQuantity Size, ResourceQuantity? Before) : ManagedDatabasePlan
    {
        /// <summary>Whether the claim exists and gets bigger by this.</summary>
        public bool Grows => Before is not null && Before.ToDecimal() < Size.ToDecimal();

        /// <inheritdoc />
        public override string ToString() => $"Serve {Size}";
    }

    /// <summary>Not as it is; what runs is left as it is.</summary>
    internal sealed record Refuse(StepOutcome Outcome) : ManagedDatabasePlan;

    /// <summary>Pure decision.</summary>
    public static ManagedDatabasePlan Decide(string instance, ManagedDatabaseSpec spec, ManagedServerPicture picture)
    {
        if (Refused(instance, spec, picture) is { } outcome)
        {
            return new Refuse(outcome);
        }

        if (picture.Secret is null)
        {
            return new GeneratePassword();
        }

        // Of a stranger's claim only the name is known; making ours says that the name is taken.
        var claim = picture.Claim is { Json.IsEmpty: false } known ? known.Read<V1PersistentVolumeClaim>() : null;
        return PasswordIn(picture.Secret) is { } password
            ? new Serve(password, SizeOf(spec, claim), claim is null ? null : Request(claim))
            : new Refuse(new StepOutcome.Blocked(
                DatabaseReasons.KeyNotFound,
                $"Secret {picture.Secret.Key.Name} has no usable key {ManagedServer.PasswordKey}. Put it back from a backup, or write the password that the server's role {ManagedServer.Role} has."));
    }

    private static StepOutcome? Refused(string instance, ManagedDatabaseSpec spec, ManagedServerPicture picture) =>
        Stranger(instance, picture.Secret) ?? Claim(spec, picture) ?? Lost(picture) ?? OtherMajor(spec, picture);

    private static StepOutcome? Stranger(string instance, ClusterObject? secret)
    {
        if (secret is null)
        {
            return null;
        }

        if (secret.Labels.GetValueOrDefault(WireNames.ManagedByLabel) != WireNames.ManagedByValue || secret.Labels.GetValueOrDefault(WireNames.InstanceLabel) != instance)
        {
            return new StepOutcome.Blocked(
                CommonReasons.NameConflict,
                $"Secret {secret.Key.Name} exists and was not made by the operator for this instance. Remove or rename it; if it is a backup of the database's password, give it the labels {WireNames.ManagedByLabel}={WireNames.ManagedByValue} and {WireNames.InstanceLabel}={instance}.");
        }

        return secret.IsTerminating
            ? new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {secret.Key.Name} is being deleted; make a copy of it now, if its volume is to be kept.")
            : null;
    }

    private static StepOutcome? Claim(ManagedDatabaseSpec spec, ManagedServerPicture picture)
    {
        if (picture.Claim is not { Json.IsEmpty: false } source)
        {
            return null;
        }

        var claim = source.Read<V1PersistentVolumeClaim>();
        if (source.IsTerminating)
        {
            return picture.HasPod
                ? new StepOutcome.Blocked(DatabaseReasons.VolumeLost, $"PersistentVolumeClaim {source.Key.Name} was deleted and the database goes as soon as its pod stops. Dump it now; do not restart the pod before that.")
                : new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"PersistentVolumeClaim {source.Key.Name} is being deleted; it is made anew when it is gone.");
        }

        if (claim.Status?.Phase == "Lost")
        {
            return new StepOutcome.Blocked(DatabaseReasons.VolumeLost, $"The volume of PersistentVolumeClaim {source.Key.Name} is gone. Bind the claim to a volume again, or delete the claim and restore the database from a backup.");
        }

        if (spec.StorageClassName is { } wanted && claim.Spec?.StorageClassName is { } actual && wanted != actual)
        {
            return new StepOutcome.Blocked(DatabaseReasons.Immutable, $"{InstanceRules.Broken("database-storage-class-immutable")}. PersistentVolumeClaim {source.Key.Name} is of class {actual}: set it back.", NeedsSpecChange: true);
        }

        return Request(claim) is { } has && new ResourceQuantity(spec.Storage).ToDecimal() < has.ToDecimal()
            ? new StepOutcome.Blocked(DatabaseReasons.CannotShrink, $"{InstanceRules.Broken("database-storage-grows")}. PersistentVolumeClaim {source.Key.Name} has {has}: set spec.database.managed.storage to {has} or more.", NeedsSpecChange: true)
            : null;
    }

    /// <summary>A new password would not open the volume: PostgreSQL takes it only when it makes a database.</summary>
    private static StepOutcome.Blocked? Lost(ManagedServerPicture picture) => picture is { Secret: null, Claim: { } claim }
        ? new StepOutcome.Blocked(
            DatabaseReasons.PasswordLost,
            $"PersistentVolumeClaim {claim.Key.Name} exists, but the Secret with its password, {picture.SecretName}, does not. Put the Secret back from a backup (keys {ManagedServer.UsernameKey} and {ManagedServer.PasswordKey}, labels {WireNames.ManagedByLabel}={WireNames.ManagedByValue} and {WireNames.InstanceLabel}); or delete the claim to start with an empty database.")
        : null;

    /// <summary>
    /// A server of another major version cannot read the volume, and newer images may even make a new database beside it. Only what is known for certain counts: the
    /// running StatefulSet names a version and the server confirmed it.
    /// </summary>
    private static StepOutcome.Blocked? OtherMajor(ManagedDatabaseSpec spec, ManagedServerPicture picture)
    {
        var wanted = ManagedServer.MajorOf(spec.Image);
        var running = ManagedServer.MajorOf(picture.RunningImage);
        return wanted is not null && running is not null && wanted != running && running == Major(picture.ServerVersion)
            ? new StepOutcome.Blocked(
                DatabaseReasons.MajorVersionChange,
                $"spec.database.managed.image asks for PostgreSQL {wanted}, but the volume holds a database of PostgreSQL {running}, which goes on running. Set the image back to one of version {running}; to upgrade, dump the database, and restore it into a new instance with the new image.",
                NeedsSpecChange: true)
            : null;
    }

    private static int? Major(string? version) =>
        int.TryParse(version?.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;

    private static string? PasswordIn(ClusterObject secret) =>
        DataOf.ValueOf(DataOf.Secret(secret), ManagedServer.PasswordKey) is { Length: > 0 } value ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Only a bound claim may grow; the API server refuses the change before that.</summary>
    private static ResourceQuantity SizeOf(ManagedDatabaseSpec spec, V1PersistentVolumeClaim? claim)
    {
        var wanted = new ResourceQuantity(spec.Storage);
        return claim is null || Request(claim) is not { } has || claim.Status?.Phase == "Bound" ? wanted : has;
    }

    private static ResourceQuantity? Request(V1PersistentVolumeClaim claim) =>
        claim.Spec?.Resources?.Requests is { } requests && requests.TryGetValue(SizeKey, out var size) ? size : null;
}

/// <summary>What there is of the managed server.</summary>
/// <param name="SecretName">Name of the Secret with its password.</param>
/// <param name="Secret">That Secret.</param>
/// <param name="Claim">The claim of its volume.</param>
/// <param name="HasPod">Whether a pod of it exists.</param>
/// <param name="RunningImage">Image in its StatefulSet.</param>
/// <param name="ServerVersion">Version that the server last said it has.</param>
internal sealed record ManagedServerPicture(
    string SecretName, ClusterObject? Secret, ClusterObject? Claim, bool HasPod, string? RunningImage, string? ServerVersion)
{
    /// <summary>The picture that a pass has.</summary>
    public static ManagedServerPicture Of(InstancePass pass)
    {
        var secret = ObjectNames.ManagedDatabaseSecret(pass.Name);
        return new ManagedServerPicture(
            secret,
            pass.Observed.Find(ResourceTypes.Secret, secret),
            pass.Observed.Find(ResourceTypes.PersistentVolumeClaim, ObjectNames.ManagedDatabaseClaim(pass.Name)),
            pass.Observed.PodsOf(Components.Database).Any(),
            ImageOf(pass.Observed.Find(ResourceTypes.StatefulSet, ObjectNames.ManagedDatabase(pass.Name))),
            pass.Instance.Status?.Database?.ServerVersion);
    }

    private static string? ImageOf(ClusterObject? set) => set is not { Json.IsEmpty: false }
        ? null
        : set.Read<V1StatefulSet>().Spec?.Template?.Spec?.Containers?.FirstOrDefault(container => container.Name == ManagedServer.Container)?.Image;
}
