using System.Net;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// Backups that are there on the day on which they are needed (runbook 2.5, 8.3):
/// 1. the claim of the set volume exists; it is never deleted;
/// 2. each tick of the schedule has one backup, or is recorded as missed;
/// 3. sets that no generation keeps go, one after the other, after the look that counts was a live one;
/// 4. what came of it all is told.
/// Making and deleting the files is not done here: the objects that this step makes and marks are carried out by the controller of backups.
/// </summary>
internal sealed partial class BackupsStep(IClusterApi api, IEventRecorder events, BackupMetrics metrics) : IInstanceStep
{
    /// <summary>However far the next tick is: the clock may be set forward, and a timer does not notice.</summary>
    private static readonly TimeSpan LongestPause = BackupSchedule.LeastForBackups;

    /// <inheritdoc />
    public string Condition => ConditionTypes.BackupsHealthy;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        if (pass.Spec.Backup is not { } policy)
        {
            return Unconfigured(pass);
        }

        var volume = await EnsureVolumeAsync(pass, policy.Volume, ct);
        var scheduleFault = BackupSchedule.TryReadBackups(policy, out var schedule, out var fault) ? null : fault;
        var verificationFault = BackupSchedule.TryReadVerification(policy, out var verification, out fault) ? null : fault;
        var backups = BackupFacts.Of(pass.Name, pass.Observed.Procedures(Kinds.Backup) ?? await api.ListAsync(Kinds.Backup, pass.Namespace, labelSelector: null, ct));
        var restores = RestoresInProgress.Of(pass.Observed.Procedures(Kinds.Restore) ?? await api.ListAsync(Kinds.Restore, pass.Namespace, labelSelector: null, ct));

        var text = policy.Schedule is null ? null : $"{policy.Schedule} {policy.TimeZone}";
        var plan = BackupsPlan.Decide(scheduleFault is null ? schedule : null, text, TickRecord.Of(pass.Instance.Status?.Backup), backups, pass.Now);
        var tick = plan.Due is null || pass.Paused ? new TickOutcome(plan.Record, backups, null) : await MakeAsync(pass, policy, schedule!, text, plan, ct);
        if (plan is { Due: null, Missed: > 0 } && !pass.Paused)
        {
            TellMissed(pass, plan);
        }

        var zone = BackupSchedule.Zone(policy.TimeZone);
        if (zone is not null && !pass.Paused)
        {
            await RetainAsync(pass, policy.Retention, zone, tick.Backups, restores, ct);
        }

        var proof = VerificationRecord.Of(policy, pass.Instance.Status?.Backup, pass.Now);
        var facts = new HealthFacts
        {
            Backups = tick.Backups,
            Schedule = scheduleFault is null ? schedule : null,
            Since = tick.Record.Since,
            Verification = verificationFault is null ? verification : null,
            VerificationSince = proof.Since,
            Claim = SetVolumePlan.NameOf(pass.Name, policy.Volume),
            IsBound = SetClaim.Of(pass.Observed.Find(ResourceTypes.PersistentVolumeClaim, SetVolumePlan.NameOf(pass.Name, policy.Volume))) is { Phase: "Bound" },
        };
        var outcome = Degraded(scheduleFault ?? verificationFault) ?? volume ?? PassphraseFault(pass, policy) ?? tick.Obstacle ?? BackupHealth.Judge(facts, pass.Now);
        metrics.Set(pass.Source.Key, outcome is StepOutcome.Settled, BackupPolicyReport.Figures(plan.Next, tick.Backups));
        Announce(pass, outcome);
        var expiring = zone is null ? [] : RetentionPlan.AfterNext(policy.Retention, zone, tick.Backups, restores, plan.Next ?? pass.Now);
        var status = BackupPolicyReport.Status(tick.Record, proof, plan.Next, tick.Backups, expiring);
        return outcome with { Report = before => before with { Backup = status }, LookAgain = Pause(facts, pass.Now) };
    }

    private StepOutcome.Settled Unconfigured(InstancePass pass)
    {
        metrics.Remove(pass.Source.Key);
        var outcome = new StepOutcome.Settled(BackupsReasons.NotConfigured, "spec.backup is not set: the instance has no backups. A disk that breaks takes its data along.");
        return pass.Observed.Procedures(Kinds.Backup) is not { } found
            ? outcome
            : outcome with { Report = before => before with { Backup = BackupPolicyReport.Status(TickRecord.Empty, verification: null, next: null, BackupFacts.Of(pass.Name, found), []) } };
    }

    private static async ValueTask<StepOutcome?> EnsureVolumeAsync(InstancePass pass, BackupVolumeSpec volume, CancellationToken ct)
    {
        var found = pass.Observed.Find(ResourceTypes.PersistentVolumeClaim, SetVolumePlan.NameOf(pass.Name, volume));
        var plan = SetVolumePlan.Decide(pass.Name, volume, SetClaim.Of(found));
        if (plan is SetVolumePlan.Refuse(var reason, var message))
        {
            return new StepOutcome.Degraded(reason, message);
        }

        if (plan is not SetVolumePlan.Ensure ensure)
        {
            return null;
        }

        if (ensure.Claim is null && pass.Paused)
        {
            return new StepOutcome.Degraded(CommonReasons.Paused, $"PersistentVolumeClaim {ensure.Name} does not exist and is not made while the instance is paused.");
        }

        try
        {
            return await pass.Objects.EnsureAsync(ObjectLifetime.Retained, ct, BackupsManifest.Claim(pass.Source.Key, volume, ensure));
        }
        catch (ClusterApiException refusal) when (ensure.Grows && refusal.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
        {
            return new StepOutcome.Degraded(
                BackupsReasons.ExpansionRefused,
                $"PersistentVolumeClaim {ensure.Name} cannot grow to {ensure.Size}: {refusal.Message} Allow it in the storage class (allowVolumeExpansion), or set spec.backup.volume.size back to {ensure.Claim!.Request}.");
        }
    }

    private static StepOutcome.Degraded? PassphraseFault(InstancePass pass, BackupPolicySpec policy) =>
        policy.Include.Contains(BackupPart.Secrets) && policy.Encryption?.PassphraseSecretRef is { } reference
        && Passphrase.Fault(reference, DataOf.Secret(pass.Observed.Find(ResourceTypes.Secret, reference.Name))) is var (reason, message)
            ? new StepOutcome.Degraded(reason, message)
            : null;

    private static StepOutcome.Degraded? Degraded(ScheduleFault? fault) => fault is null ? null : new StepOutcome.Degraded(fault.Reason, fault.Message);

    private static TimeSpan Pause(HealthFacts facts, DateTimeOffset now) => BackupHealth.NextChange(facts, now) - now is { } left && left < LongestPause ? left : LongestPause;

    /// <summary>Backups make no difference to Ready, so its events do not tell of them.</summary>
    private void Announce(InstancePass pass, StepOutcome outcome)
    {
        var before = pass.Instance.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Condition);
        if (outcome is StepOutcome.Settled)
        {
            if (before is { Status: "False" })
            {
                events.Record(pass.Source, EventSeverity.Normal, EventReasons.BackupsRecovered, "Backup", outcome.Message);
            }
        }
        else if (before is not { Status: "False" } || before.Reason != outcome.Reason)
        {
            events.Record(pass.Source, EventSeverity.Warning, EventReasons.BackupsUnhealthy, "Backup", $"{outcome.Reason}: {outcome.Message}");
        }
    }
}
