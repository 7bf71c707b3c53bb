using System.Collections.Immutable;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Owned;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>One pass over one instance: gather, run the pipeline, write status once.</summary>
internal sealed partial class InstanceReconciler(
    ICaches caches,
    IOwnedObjects owned,
    IEventRecorder events,
    InstancePipeline pipeline,
    PipelineRunner runner,
    StatusWriter statusWriter,
    Finalization finalization,
    TelegramStep telegram,
    ProcedureHold operations,
    IDatabaseMonitor databases,
    IHealthMonitor health,
    IConflictMonitor conflicts,
    BackupMetrics backups,
    TimeProvider time,
    ILogger<InstanceReconciler> logger) : IReconciler
{
    /// <summary>A step that changes what earlier steps saw has the pass run again; more often than this is a bug, answered with back-off instead of a hot loop.</summary>
    private const int MostRuns = 6;

    /// <summary>What a deleted instance left behind may stay for long; whoever needs its claim looks by itself.</summary>
    private static readonly TimeSpan ReapCheck = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (caches[Kinds.Instance].Get(key) is not { } source)
        {
            Forget(key);
            return await telegram.ReapAsync(key, ct) ? ReconcileResult.CheckAfter(ReapCheck) : ReconcileResult.Done;
        }

        if (InstanceReader.Read(source) is not { } instance)
        {
            return await UndecodableAsync(source, ct);
        }

        var pass = Gather(source, instance);
        if (source.IsTerminating)
        {
            return await FinalizeAsync(pass, ct);
        }

        if (!pass.Paused)
        {
            var (current, stopBecause) = await operations.LookAsync(source, ct);
            pass = pass with { Source = current, StopBecause = stopBecause };
        }

        IReadOnlyList<RuleViolation> violations = [.. SchemaRules.CheckName(key.Name), .. SchemaRules.Check(instance.Spec), .. InstanceRules.Check(instance.Spec)];
        if (violations.Count > 0)
        {
            return await ReportInvalidAsync(pass, violations, ct);
        }

        if (!pass.Paused)
        {
            pass = pass with { Source = await finalization.EnsureFinalizerAsync(pass, ct) };
        }

        return await RunAsync(pass, ct);
    }

    /// <inheritdoc />
    public async Task<ReconcileResult> ReportUnreadableAsync(ObjectKey key, IReadOnlyList<CacheFault> faults, CancellationToken ct)
    {
        // The first list of a namespace takes a moment: only what stays unreadable is worth a word.
        if (faults.All(fault => !fault.IsRefused) || caches[Kinds.Instance].Get(key) is not { } source || InstanceReader.Read(source) is not { } instance)
        {
            return ReconcileResult.Done;
        }

        var message = string.Join(" ", faults.Select(fault => $"{fault.Type.Kind} objects of this namespace cannot be read: {fault.Message}"));
        var status = UnreadableStatus.Project(instance.Status, source.Generation, message, time.GetUtcNow());
        await statusWriter.WriteAsync(source, instance.Status, status, ct);
        return ReconcileResult.CheckAfter(TimeSpan.FromMinutes(1));
    }

    private async ValueTask<ReconcileResult> RunAsync(InstancePass pass, CancellationToken ct)
    {
        var reports = ImmutableArray<StepReport>.Empty;
        for (var run = 1; run <= MostRuns; run++)
        {
            reports = await runner.RunAsync(pipeline.Stages, pass, ct);
            if (!PipelineRunner.WantsAnotherRun(reports[^1].Outcome))
            {
                break;
            }

            pass = Gather(pass.Source, pass.Instance) with { StopBecause = pass.StopBecause };
        }

        if (PipelineRunner.WantsAnotherRun(reports[^1].Outcome))
        {
            LogTooManyRuns(MostRuns, reports[^1].Condition);
            return ReconcileResult.BackOff;
        }

        var previous = pass.Instance.Status;
        var status = StatusProjector.Project(previous, pass.Source.Generation, reports, pass.Now, pass.Paused);
        await statusWriter.WriteAsync(pass.Source, previous, status, ct);
        return NextLook(reports);
    }

    private async ValueTask<ReconcileResult> ReportInvalidAsync(InstancePass pass, IReadOnlyList<RuleViolation> violations, CancellationToken ct)
    {
        var reports = await runner.RunAsync(pipeline.ObserveOnly, pass, ct);
        var status = InvalidSpecStatus.Project(pass.Instance.Status, pass.Source.Generation, violations, reports, pass.Now);
        await statusWriter.WriteAsync(pass.Source, pass.Instance.Status, status, ct);
        return NextLook(reports);
    }

    /// <summary>
    /// An object that the present schema would not have let in: it waits for an edit and is told so, every other instance goes on, and it can be deleted.
    /// </summary>
    private async ValueTask<ReconcileResult> UndecodableAsync(ClusterObject source, CancellationToken ct)
    {
        var pass = Gather(source, InstanceReader.ForDeletion(source));
        if (source.IsTerminating)
        {
            return await FinalizeAsync(pass, ct);
        }

        var violations = InstanceReader.Violations(source);
        LogUndecodable(string.Join(", ", violations.Select(violation => violation.FieldPath)));
        return await ReportInvalidAsync(pass, violations, ct);
    }

    private async ValueTask<ReconcileResult> FinalizeAsync(InstancePass pass, CancellationToken ct)
    {
        Forget(pass.Source.Key);
        var outcome = await finalization.ExecuteAsync(pass, ct);
        if (outcome is FinalizationOutcome.Waiting waiting)
        {
            var status = DeletingStatus.Project(pass.Instance.Status, pass.Source.Generation, waiting.Message, pass.Now);
            await statusWriter.WriteAsync(pass.Source, pass.Instance.Status, status, ct);
            return ReconcileResult.CheckAfter(waiting.CheckAfter);
        }

        return ReconcileResult.Done;
    }

    private InstancePass Gather(ClusterObject source, FamilyAssistantInstance instance)
    {
        var paused = PauseMark.IsOn(source);
        var adopt = HasAnnotation(source, WireNames.AdoptAnnotation);
        return new InstancePass
        {
            Source = source,
            Instance = instance,
            Observed = new ObservedObjects(caches, source.Key),
            Objects = new InstanceObjects(owned, events, source, paused, adopt) { WasReady = InstanceObjects.IsReady(instance.Status, source.Generation) },
            Now = time.GetUtcNow(),
            Paused = paused,
            Adopt = adopt,
        };
    }

    private static bool HasAnnotation(ClusterObject source, string name) =>
        source.Annotations.TryGetValue(name, out var value) && value == "true";

    private void Forget(ObjectKey key)
    {
        databases.Forget(key);
        health.Forget(key);
        conflicts.Forget(key);
        backups.Remove(key);
    }

    private static ReconcileResult NextLook(ImmutableArray<StepReport> reports)
    {
        if (reports.Any(report => report.Outcome is StepOutcome.Faulted))
        {
            return ReconcileResult.BackOff;
        }

        var after = reports.SelectMany(report => (TimeSpan?[])
        [
            report.Outcome switch
            {
                StepOutcome.Settled settled => settled.CheckAfter,
                StepOutcome.Progressing progressing => progressing.CheckAfter,
                StepOutcome.Degraded degraded => degraded.CheckAfter,
                _ => null,
            },
            report.Outcome?.LookAgain,
        ]).Min();
        return after is { } time ? ReconcileResult.CheckAfter(time) : ReconcileResult.Done;
    }

    [LoggerMessage(1100, LogLevel.Error, "The object cannot be read at {Fields}; it waits for an edit")]
    private partial void LogUndecodable(string fields);

    [LoggerMessage(1101, LogLevel.Error, "Still not settled after {Runs} runs; the last step to change something was {Condition}")]
    private partial void LogTooManyRuns(int runs, string condition);
}
