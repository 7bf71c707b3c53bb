using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>What the results of the Jobs mean, and how it is said. Pure.</summary>
internal static class RestoreExamination
{
    /// <summary>Tables that the application itself empties while it runs.</summary>
    private static readonly HashSet<string> Volatile = ["public.tasks", "public.recent_events", "public.error_logs"];

    /// <summary>Why a set that is whole is not restored here; null: it is.</summary>
    public static ProcedureOutcome.Failed? Refusal(RestorePicture picture, ToolResult result)
    {
        if (result.Manifest is not { } manifest)
        {
            return new ProcedureOutcome.Failed(ToolReasons.ManifestInvalid, "The Job ended well and reported no manifest. See that its image is one with the tools of PostgreSQL, and create another restore.");
        }

        if (picture.HasInstance && !picture.Spec.AcceptKeyChange && picture.DifferentKeys.Count > 0)
        {
            return KeysDiffer(picture, picture.DifferentKeys);
        }

        return picture is { HasInstance: true, HasBackupPolicy: false } && RestorePlan.SafetyParts(picture with { Set = SetOf(picture, manifest) }, result.Target?.HasData ?? false).Count > 0
            ? NotConfigured(picture)
            : null;
    }

    /// <summary>The keys are not those of the set.</summary>
    public static ProcedureOutcome.Failed KeysDiffer(RestorePicture picture, IReadOnlyList<string> keys) => new(
        RestoreReasons.KeysDiffer,
        $"{string.Join(" and ", keys)} of instance {picture.InstanceName} {(keys.Count == 1 ? "is" : "are")} not what the set was made with: push subscriptions or sessions in it would end. "
        + $"{(picture.Restores(BackupPart.Secrets) ? "A key in the instance's own Secret wins over that of the set: put the old value there" : "Restore the part Secrets as well (spec.parts), put the old value into the instance's Secret")}, or say spec.acceptKeyChange: true, in another restore.");

    /// <summary>What would be replaced cannot be saved.</summary>
    public static ProcedureOutcome.Failed NotConfigured(RestorePicture picture) => new(
        RestoreReasons.BackupNotConfigured,
        $"Instance {picture.InstanceName} has data and no spec.backup, so it could not be saved before it is replaced. Set spec.backup of the instance, and create another restore.");

    /// <summary>What the manifest says, for the status.</summary>
    public static RestoredSet SetOf(RestorePicture picture, SetManifest manifest) => new()
    {
        SetId = manifest.SetId,
        Location = new BackupLocation { Claim = picture.Before.GetValueOrDefault(RestoreEvidence.Claim) ?? "", Path = $"{picture.Before.GetValueOrDefault(RestoreEvidence.Folder)}/{manifest.SetId}" },
        CreatedAt = Cut(manifest.CreatedAt, 64)!,
        Image = Cut(manifest.Image, 1024),
        Revision = Cut(manifest.Database?.Revision, 256),
        ServerVersion = Cut(manifest.Database?.ServerVersion, 64),
        Rows = manifest.Database?.Rows,
        SizeBytes = (manifest.Parts ?? []).Sum(part => part.SizeBytes),
    };

    /// <summary>The message of a dry run.</summary>
    public static string WouldDo(RestorePicture picture, bool hadData)
    {
        var set = picture.Set!;
        List<string> steps = [];
        if (picture.PutsObjects)
        {
            steps.Add(picture.HasInstance ? "make the objects of the set that are missing" : $"make instance {picture.InstanceName} and its objects");
        }

        if (picture.ReplacesData)
        {
            steps.Add("stop the instance");
            var safety = RestorePlan.SafetyParts(picture, hadData);
            if (safety.Count > 0)
            {
                steps.Add($"save {string.Join(" and ", safety)} in another set");
            }
        }

        if (picture.Restores(BackupPart.Database))
        {
            steps.Add($"{(hadData ? "replace its database by" : "restore into its empty database")} {Number(set.Rows ?? 0)} rows of revision {set.Revision ?? "none"} (PostgreSQL {set.ServerVersion})");
        }

        if (picture.Restores(BackupPart.Files))
        {
            steps.Add("replace the files on its data volume");
        }

        if (picture.Restores(BackupPart.Secrets) && picture.HasInstance)
        {
            steps.Add("replace the generated keys");
        }

        return $"Dry run, nothing was changed. Set {set.SetId} of {set.CreatedAt} ({Number(set.SizeBytes ?? 0)} bytes) is whole. It would {string.Join(", ", steps)}, and start the instance.";
    }

    /// <summary>The message of success.</summary>
    public static string Did(RestorePicture picture, string? note) =>
        $"{string.Join(", ", picture.Spec.Parts)} of set {picture.Before.GetValueOrDefault(RestoreEvidence.SetId)} restored; the instance {(picture.Workload switch
        {
            { Replicas: 0 } => "stays stopped, as spec.replicas says",
            { Instance.ClosedGate: { Length: > 0 } gate } => $"starts as soon as it can: {gate}",
            _ => "runs",
        })}.{(note is null ? "" : " " + note)}";

    /// <summary>What the running instance lacks that the set has; null: nothing that a migration or the application itself does not explain.</summary>
    public static string? Lost(RestorePicture picture, ToolComparison? comparison)
    {
        if (comparison is null)
        {
            return null;
        }

        // Migrations may drop and rename tables; without one, nobody has.
        if (comparison.Missing.Count > 0 && picture.Set?.Revision == picture.Revision)
        {
            return $"{comparison.Missing.Count} tables of the set are missing in the running instance: {string.Join(", ", comparison.Missing.First)}.";
        }

        var emptied = comparison.Emptied.First.Where(name => !Volatile.Contains(name)).ToArray();
        return emptied.Length > 0 || comparison.Emptied.Count > Volatile.Count
            ? $"{comparison.Emptied.Count} tables with rows in the set are empty in the running instance: {string.Join(", ", comparison.Emptied.First)}."
            : null;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string? Cut(string? text, int limit) => text is null || text.Length <= limit ? text : text[..limit];
}
