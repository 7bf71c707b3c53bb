using System.Collections.Immutable;
using System.Globalization;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The backup of a tick: made at most once, because its name is the tick's.</summary>
internal sealed partial class BackupsStep
{
    /// <summary>What came of a tick.</summary>
    /// <param name="Record">The record as the status shall have it.</param>
    /// <param name="Backups">The backups as they are now.</param>
    /// <param name="Obstacle">Why there is no backup of it.</param>
    private sealed record TickOutcome(TickRecord Record, ImmutableArray<BackupFacts> Backups, StepOutcome? Obstacle);

    /// <summary>
    /// The record and the objects are read live first: a cache that is late, after a change of the leader for instance, would count missed ticks twice. A crash after the creation costs
    /// nothing: the object counts as much as the record.
    /// </summary>
    private async ValueTask<TickOutcome> MakeAsync(InstancePass pass, BackupPolicySpec policy, BackupSchedule schedule, string? text, BackupsPlan plan, CancellationToken ct)
    {
        var known = BackupFacts.Of(pass.Name, pass.Observed.Procedures(Kinds.Backup) ?? []);
        if (await api.GetAsync(Kinds.Instance, pass.Source.Key, ct) is not { IsTerminating: false } live
            || live.Uid != pass.Source.Uid || live.Generation != pass.Source.Generation || InstanceReader.Read(live) is not { } instance)
        {
            // Changed at this moment; the change asks for a pass of its own.
            return new TickOutcome(plan.Record, known, null);
        }

        var backups = BackupFacts.Of(pass.Name, await api.ListAsync(Kinds.Backup, pass.Namespace, labelSelector: null, ct));
        plan = BackupsPlan.Decide(schedule, text, TickRecord.Of(instance.Status?.Backup), backups, pass.Now);
        TellMissed(pass, plan);
        if (plan is not { Due: { } due, Done: { } done })
        {
            return new TickOutcome(plan.Record, backups, null);
        }

        var manifest = BackupsManifest.Backup(pass.Source.Key, policy, due);
        var found = await api.CreateAsync(manifest, ct) ?? await api.GetAsync(Kinds.Backup, manifest.Key, ct);
        if (found is null)
        {
            // Taken, and gone at the next look: the next pass tries again.
            return new TickOutcome(plan.Record, backups, new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Backup {manifest.Key.Name} was deleted at this moment; looking again.", TimeSpan.FromSeconds(1)));
        }

        if (BackupFacts.Of(found) is { IsScheduled: true } made && made.Tick == due && ProcedureReader.InstanceOf(found) == pass.Name)
        {
            pass.Observed.Remember(found);
            return new TickOutcome(done, [.. backups.Where(backup => backup.Name != made.Name), made], null);
        }

        var message = $"Backup {manifest.Key.Name} exists and is not the schedule's, so the tick at {BackupFacts.Text(due)} has none of its own. Choose other names for backups that you ask for.";
        events.Record(pass.Source, EventSeverity.Warning, EventReasons.BackupMissed, "Backup", message);
        return new TickOutcome(plan.GivenUp!, backups, new StepOutcome.Degraded(BackupsReasons.TickTaken, message));
    }

    private void TellMissed(InstancePass pass, BackupsPlan plan)
    {
        if (plan is { Missed: > 0, LastMissed: { } last })
        {
            var ticks = plan.Missed == 1 ? $"The tick of spec.backup.schedule at {BackupFacts.Text(last)} has no backup"
                : string.Create(CultureInfo.InvariantCulture, $"{plan.Missed}{(plan.Missed == BackupSchedule.MostCounted ? " or more" : "")} ticks of spec.backup.schedule have no backup, the last at {BackupFacts.Text(last)}");
            events.Record(pass.Source, EventSeverity.Warning, EventReasons.BackupMissed, "Backup", $"{ticks}: the operator did not run, the instance was paused, or an earlier backup took that long.{(plan.Due is { } due ? $" The one at {BackupFacts.Text(due)} is made now." : "")}");
        }
    }
}
