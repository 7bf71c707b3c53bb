using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The Jobs of a backup. Pure.</summary>
internal static class BackupJobs
{
    /// <summary>Its name says which backup and what for.</summary>
    public static string NameOf(ClusterObject backup, string stage) => ObjectNames.ProcedureJob("backup", backup.Uid, stage);

    /// <summary>Makes the set and reads it again.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="needs">What it needs, without an obstacle.</param>
    /// <param name="setId">Id of the set.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="deadline">How long it may run.</param>
    public static ToolJob Make(ClusterObject backup, BackupNeeds needs, string setId, BackupStages stage, TimeSpan deadline)
    {
        var policy = needs.Spec.Backup!;
        return Common(backup, needs.Instance, setId, stage.JobSuffix, needs.Image!, deadline) with
        {
            Spec = needs.Spec,
            Command = ToolJob.Script(ToolScripts.Backup),
            Sets = new VolumeUse(BackupNeeds.SetClaimOf(needs.Instance, policy), ReadOnly: false),
            Data = needs.Has(BackupPart.Files) ? new VolumeUse(BackupNeeds.DataClaimOf(needs.Instance, needs.Spec), ReadOnly: true) : null,
            HasInput = true,
            Passphrase = needs.Has(BackupPart.Secrets) ? policy.Encryption!.PassphraseSecretRef : null,
            NearApplication = BackupNeeds.IsOnOneNode(needs.SetClaim) || (needs.Has(BackupPart.Files) && BackupNeeds.IsOnOneNode(needs.DataClaim)),
            Variables =
            [
                .. Of(needs.Instance, setId),
                ToolJob.Value(ToolEnvironment.Include, string.Join(' ', needs.Include)),
                ToolJob.Value(ToolEnvironment.Verify, nameof(BackupVerification.Read)),
                .. needs.Has(BackupPart.Database) ? DatabaseEndpoint.Of(backup.Key.Namespace, needs.Instance, needs.Spec.Database).Variables : [],
            ],
        };
    }

    /// <summary>Reads the set again and restores its database for a test.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="status">Its status, with where the set is.</param>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="spec">Its spec; null when it is gone.</param>
    /// <param name="stage">What stands in the name of the Job.</param>
    /// <param name="image">Image with the tools.</param>
    /// <param name="passphrase">Whether the part <c>Secrets</c> can be opened.</param>
    /// <param name="near">Whether the set volume is on one node.</param>
    /// <param name="deadline">How long it may run.</param>
    public static ToolJob Verify(ClusterObject backup, BackupStatus status, string instance, InstanceSpec? spec, string stage, string image, bool passphrase, bool near, TimeSpan deadline) =>
        Common(backup, instance, status.SetId!, stage, image, deadline) with
        {
            Spec = spec,
            Command = ToolJob.Script(ToolScripts.Verify),
            Sets = new VolumeUse(status.Location!.Claim, ReadOnly: true),
            Passphrase = passphrase ? spec?.Backup?.Encryption?.PassphraseSecretRef : null,
            NearApplication = near,
            Variables =
            [
                .. Of(instance, status.SetId!),
                ToolJob.Value(ToolEnvironment.Verify, nameof(BackupVerification.Restore)),
                .. Parts(status, passphrase),
            ],
        };

    /// <summary>Deletes the files of the set, after it has seen that those that must remain are there.</summary>
    public static ToolJob Delete(ClusterObject backup, BackupStatus status, string instance, InstanceSpec? spec, string image, IEnumerable<string> keep, bool near, TimeSpan deadline) =>
        Common(backup, instance, status.SetId!, "delete", image, deadline) with
        {
            Spec = spec,
            Command = ToolJob.Script(ToolScripts.Delete),
            Sets = new VolumeUse(status.Location!.Claim, ReadOnly: false),
            NearApplication = near,
            Variables = [.. Of(instance, status.SetId!), ToolJob.Value(ToolEnvironment.Keep, string.Join(' ', keep))],
        };

    private static ToolJob Common(ClusterObject backup, string instance, string setId, string stage, string image, TimeSpan deadline) => new()
    {
        Name = NameOf(backup, stage),
        Owner = backup,
        Instance = instance,
        Image = image,
        Command = [],
        Variables = Of(instance, setId),
        Deadline = deadline,
    };

    /// <summary>Without the passphrase everything else is looked at.</summary>
    private static IEnumerable<k8s.Models.V1EnvVar> Parts(BackupStatus status, bool passphrase) => passphrase
        ? []
        : [ToolJob.Value(ToolEnvironment.Parts, string.Join(' ', (status.Parts ?? []).Select(part => part.Name).Where(part => part != BackupPart.Secrets)))];

    private static k8s.Models.V1EnvVar[] Of(string instance, string setId) => [ToolJob.Value(ToolEnvironment.Instance, instance), ToolJob.Value(ToolEnvironment.Set, setId)];
}
