using System.Globalization;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>The Jobs of a restore. Pure.</summary>
internal static class RestoreJobs
{
    /// <summary>The command of the migration. Nothing of it varies.</summary>
    private static readonly IReadOnlyList<string> Upgrade = ["alembic", "upgrade", "head"];

    /// <summary>Name of the Job of one attempt: the same attempt has the same name, so that it runs once.</summary>
    public static string NameOf(ClusterObject restore, RestoreTool tool, int attempt) =>
        ObjectNames.ProcedureJob("restore", restore.Uid, string.Create(CultureInfo.InvariantCulture, $"{RestoreTools.NameOf(tool)}-{attempt}"));

    /// <summary>Part of the names of what the restore sets aside.</summary>
    public static string Uid8(ClusterObject restore) => restore.Uid[..8];

    /// <summary>The Job.</summary>
    public static ToolJob Of(RestoreJobFacts facts, RestoreTool tool, int attempt)
    {
        var job = new ToolJob
        {
            Name = NameOf(facts.Restore, tool, attempt),
            Owner = facts.Restore,
            Instance = facts.InstanceName,
            Image = facts.Image,
            Command = ToolJob.Script(ScriptOf(tool)),
            Variables = [.. Set(facts.Origin.Instance, facts.Origin.SetId)],
            Sets = new VolumeUse(facts.Origin.Claim, ReadOnly: true),
            Deadline = facts.Deadline,
            Spec = facts.Spec,
        };
        return tool switch
        {
            RestoreTool.Inspect => job with { Variables = [.. job.Variables, .. Parts(facts.Parts), .. Target(facts)], Passphrase = PassphraseOf(facts), NearApplication = facts.IsNear },
            RestoreTool.Examine => job with { Variables = [.. job.Variables, .. Parts([BackupPart.Database]), .. Target(facts)] },
            RestoreTool.OpenParts => job with { Variables = [.. job.Variables, .. Parts([.. facts.Parts.Where(IsObject)])], Passphrase = PassphraseOf(facts), HasInput = true, NearApplication = facts.IsNear },
            RestoreTool.RestoreDatabase => job with { Variables = [.. job.Variables, .. Target(facts), Uid(facts)] },
            RestoreTool.RestoreFiles => job with { Data = Data(facts), Variables = [.. job.Variables, Uid(facts)] },
            RestoreTool.Migrate => Migration(facts, job),
            RestoreTool.Compare => job with { Variables = [.. job.Variables, .. facts.Database!.Variables], NearApplication = facts.IsNear },
            RestoreTool.CleanUp => job with { Sets = null, Data = DataIfRestored(facts), Variables = [.. job.Variables, .. DatabaseIfRestored(facts), Uid(facts)], NearApplication = true },
            RestoreTool.SwapBack => job with { Sets = null, Variables = [.. job.Variables, .. facts.Database!.Variables, Uid(facts), ToolJob.Value(ToolEnvironment.WasEmpty, Bool(facts.HadData == false))] },
            RestoreTool.RestoreSafety => job with
            {
                Sets = new VolumeUse(facts.Safety!.Claim, ReadOnly: true),
                Variables =
                [
                    .. Set(facts.Safety.Instance, facts.Safety.SetId), .. facts.Database!.Variables, Uid(facts),
                    ToolJob.Value(ToolEnvironment.ReplaceData, Bool(true)), ToolJob.Value(ToolEnvironment.Mode, nameof(ToolMode.Transaction)),
                ],
            },
            RestoreTool.CleanUpSafety => job with { Sets = null, Variables = [.. job.Variables, .. facts.Database!.Variables, Uid(facts)] },
            RestoreTool.PutBackFiles => job with { Sets = null, Data = Data(facts), Variables = [.. job.Variables, Uid(facts)] },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Whether a part is made of objects.</summary>
    public static bool IsObject(BackupPart part) => part is BackupPart.Configuration or BackupPart.Secrets;

    /// <summary>Where the passphrase of the set is: what the restore says, else what the instance's backups use; null: nowhere.</summary>
    public static PassphraseReference? PassphraseOf(RestoreSpec restore, InstanceSpec? instance) => restore.PassphraseSecretRef ?? instance?.Backup?.Encryption?.PassphraseSecretRef;

    private static string ScriptOf(RestoreTool tool) => tool switch
    {
        RestoreTool.Inspect or RestoreTool.Examine => ToolScripts.Inspect,
        RestoreTool.OpenParts => ToolScripts.OpenParts,
        RestoreTool.RestoreDatabase or RestoreTool.RestoreSafety => ToolScripts.RestoreDatabase,
        RestoreTool.RestoreFiles => ToolScripts.RestoreFiles,
        RestoreTool.Compare => ToolScripts.Compare,
        RestoreTool.CleanUp or RestoreTool.CleanUpSafety => ToolScripts.CleanUp,
        RestoreTool.SwapBack => ToolScripts.SwapBack,
        RestoreTool.PutBackFiles => ToolScripts.PutBackFiles,
        _ => "",
    };

    private static ToolJob Migration(RestoreJobFacts facts, ToolJob job) => job with
    {
        Image = facts.Spec!.Image,
        Command = Upgrade,
        Sets = null,
        ReadOnlyRoot = false,
        Variables = [ToolJob.SecretValue(AppContract.DatabaseUrl, ObjectNames.DatabaseSecret(facts.InstanceName), AppContract.DatabaseUrl)],
    };

    private static PassphraseReference? PassphraseOf(RestoreJobFacts facts) => facts.Parts.Contains(BackupPart.Secrets) ? facts.Passphrase : null;

    private static IEnumerable<V1EnvVar> Set(string instance, string setId) => [ToolJob.Value(ToolEnvironment.Instance, instance), ToolJob.Value(ToolEnvironment.Set, setId)];

    private static IEnumerable<V1EnvVar> Parts(IEnumerable<BackupPart> parts) => [ToolJob.Value(ToolEnvironment.Parts, string.Join(' ', parts))];

    private static IEnumerable<V1EnvVar> Target(RestoreJobFacts facts) =>
        facts.Database is { } database ? [.. database.Variables, ToolJob.Value(ToolEnvironment.ReplaceData, Bool(facts.ReplaceData))] : [];

    private static V1EnvVar Uid(RestoreJobFacts facts) => ToolJob.Value(ToolEnvironment.Uid8, Uid8(facts.Restore));

    private static VolumeUse Data(RestoreJobFacts facts) => new(facts.Spec?.Storage.ExistingClaim ?? ObjectNames.DataClaim(facts.InstanceName), ReadOnly: false);

    private static VolumeUse? DataIfRestored(RestoreJobFacts facts) => facts.Parts.Contains(BackupPart.Files) ? Data(facts) : null;

    private static IEnumerable<V1EnvVar> DatabaseIfRestored(RestoreJobFacts facts) => facts.Parts.Contains(BackupPart.Database) ? facts.Database!.Variables : [];

    private static string Bool(bool value) => value ? "true" : "false";
}

/// <summary>What the Jobs are made from.</summary>
internal sealed record RestoreJobFacts
{
    /// <summary>The restore, which owns them.</summary>
    public required ClusterObject Restore { get; init; }

    /// <summary>Name of the instance.</summary>
    public required string InstanceName { get; init; }

    /// <summary>Its spec; null: there is none.</summary>
    public required InstanceSpec? Spec { get; init; }

    /// <summary>Parts that are put back.</summary>
    public required IReadOnlyList<BackupPart> Parts { get; init; }

    /// <summary>Where the set is.</summary>
    public required RestoreOrigin.Found Origin { get; init; }

    /// <summary>Where the safety set is; null: there is none.</summary>
    public RestoreOrigin.Found? Safety { get; init; }

    /// <summary>How the database is reached; null: there is no instance, or the database is not restored.</summary>
    public DatabaseEndpoint? Database { get; init; }

    /// <summary>Image with the tools.</summary>
    public required string Image { get; init; }

    /// <summary>Passphrase of the part <c>Secrets</c>.</summary>
    public PassphraseReference? Passphrase { get; init; }

    /// <summary>Whether rows may be replaced.</summary>
    public required bool ReplaceData { get; init; }

    /// <summary>Whether the database had rows; null: not known.</summary>
    public bool? HadData { get; init; }

    /// <summary>Whether the Job has to run beside the application: the volume of the sets is on one node, perhaps its.</summary>
    public bool IsNear { get; init; }

    /// <summary>How long the Job may run.</summary>
    public required TimeSpan Deadline { get; init; }
}
