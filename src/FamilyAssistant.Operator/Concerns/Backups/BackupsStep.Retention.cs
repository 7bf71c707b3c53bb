using System.Collections.Immutable;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// What the retention does: at most one deletion in a pass, and none while a set is on its way out. First the mark with its reason, and with it the finalizer that keeps the object until its
/// files are gone; then the deletion, tied to exactly what was marked. Who dies in between leaves a mark, which the next pass acts on or takes back.
/// </summary>
internal sealed partial class BackupsStep
{
    private async ValueTask RetainAsync(InstancePass pass, RetentionSpec retention, TimeZoneInfo zone, ImmutableArray<BackupFacts> backups, RestoresInProgress restores, CancellationToken ct)
    {
        if (Wanted(retention, zone, backups, restores, pass.Now) is null)
        {
            return;
        }

        // The look that counts: what a person has just marked as kept, or a restore has just named, is not in every cache yet.
        var live = await api.ListAsync(Kinds.Backup, pass.Namespace, labelSelector: null, ct);
        var inUse = RestoresInProgress.Of(await api.ListAsync(Kinds.Restore, pass.Namespace, labelSelector: null, ct));
        if (Wanted(retention, zone, BackupFacts.Of(pass.Name, live), inUse, pass.Now) is not { } wanted)
        {
            return;
        }

        var found = live.Single(backup => backup.Key.Name == wanted.Set.Name);
        switch (wanted)
        {
            case { Spare: true }:
                await api.MergePatchAsync(found, BackupsManifest.Spare(), ct);
                return;
            case { Set.IsFailed: true }:
                await api.DeleteUnchangedAsync(found, ct);
                return;
        }

        var finalizers = found.Read(ApiJsonContext.Default.FamilyAssistantBackup).Metadata.Finalizers ?? [];
        var marked = wanted.Set.Expired is not null && finalizers.Contains(WireNames.BackupFinalizer) ? found : await api.MergePatchAsync(found, BackupsManifest.Expire(finalizers, wanted.Because), ct);
        if (marked is not null && await api.DeleteUnchangedAsync(marked, ct))
        {
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.BackupExpired, "Expire", $"Backup {marked.Key.Name} and its set are deleted: {wanted.Because}.");
        }
    }

    /// <summary>The one thing to do: take back a mark, delete an expired set, or delete the object of an old failure.</summary>
    private static RetentionAct? Wanted(RetentionSpec retention, TimeZoneInfo zone, ImmutableArray<BackupFacts> backups, RestoresInProgress restores, DateTimeOffset now)
    {
        var verdicts = RetentionPlan.Decide(retention, zone, backups, restores, now);
        return verdicts.FirstOrDefault(verdict => !verdict.Goes && verdict.Set.Expired is not null) is { } spared ? new RetentionAct(spared.Set, "", Spare: true)
            : RetentionPlan.Next(verdicts, backups) is { } expired ? new RetentionAct(expired.Set, expired.Expires)
            : RetentionPlan.NextFailed(backups, restores) is { } failed ? new RetentionAct(failed, "")
            : null;
    }

    /// <summary>What the retention does to one backup.</summary>
    private sealed record RetentionAct(BackupFacts Set, string Because, bool Spare = false);
}
