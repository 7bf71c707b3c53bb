using System.Diagnostics;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// One pass over one procedure: may it go on, is it its turn, what does its kind say, write status once. Nothing is decided from a cache alone: before the kind is asked,
/// procedure and instance are read live, and the turn is taken by compare-and-swap.
/// </summary>
internal sealed partial class ProcedureReconciler<TProcedure, TStatus>(
    IClusterApi api,
    ICaches caches,
    ProcedureKind<TProcedure, TStatus> kind,
    IEnumerable<IProcedureKind> kinds,
    ProcedureLock turns,
    ProcedureStatusWriter<TProcedure, TStatus> statusWriter,
    TimeProvider time,
    ILogger<ProcedureReconciler<TProcedure, TStatus>> logger) : IReconciler
    where TProcedure : class
    where TStatus : ProcedureStatus, new()
{
    /// <inheritdoc />
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        // One that is gone leaves nothing behind but its turn, which the pass over its instance ends.
        if (caches[kind.Type].Get(key) is not { } source)
        {
            return ReconcileResult.Done;
        }

        if (ProcedureReader.IsFinal(source))
        {
            return await kind.AfterEndAsync(source, ct);
        }

        var cached = Gather(source, name => caches[Kinds.Instance].Get(name));
        if (ProcedurePlan.Decide(cached.Facts) is ProcedurePlan.Wait wait && Says(cached, wait))
        {
            return ReconcileResult.Done;
        }

        if (await api.GetAsync(kind.Type, key, ct) is not { } live || live.Uid != source.Uid)
        {
            return ReconcileResult.Done;
        }

        caches[kind.Type].Remember(live);
        if (ProcedureReader.IsFinal(live))
        {
            return await kind.AfterEndAsync(live, ct);
        }

        var instance = ProcedureReader.InstanceOf(live) is { } name ? await api.GetAsync(Kinds.Instance, new ObjectKey(key.Namespace, name), ct) : null;
        var picture = Gather(live, _ => instance);
        return ProcedurePlan.Decide(picture.Facts) switch
        {
            ProcedurePlan.Fail fail => await WriteAsync(picture, new ProcedureReport(ProcedurePhases.Failed, fail.Reason, fail.Message), ct),
            ProcedurePlan.Wait waits => await WriteAsync(picture, Waiting(picture, waits), ct),
            ProcedurePlan.Proceed proceed => await ProceedAsync(picture, proceed, ct),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>
    /// The same pass. In a namespace without an instance most caches speak for nothing, and a procedure that waits for its instance has to be told so. Whatever is absent from a
    /// cache is read live here before anything follows from it.
    /// </summary>
    public Task<ReconcileResult> ReportUnreadableAsync(ObjectKey key, IReadOnlyList<CacheFault> faults, CancellationToken ct) => ReconcileAsync(key, ct);

    private async ValueTask<ReconcileResult> ProceedAsync(Picture picture, ProcedurePlan.Proceed proceed, CancellationToken ct)
    {
        var facts = picture.Facts;
        var pass = new ProcedurePass<TProcedure>
        {
            Source = facts.Source,
            Procedure = picture.Procedure!,
            Status = picture.Status,
            FoundInstance = facts is { InstanceSource: { } source, Instance: { } model } ? (source, model) : null,
            Now = time.GetUtcNow(),
            Cancelled = proceed.Cancelled,
        };
        if (pass.Stage is not null && await TakeTurnAsync(facts, ct) is { } first)
        {
            return await WriteAsync(picture, Waiting(picture, ProcedurePlan.Queued(first)), ct);
        }

        try
        {
            var outcome = await kind.ExecuteAsync(pass, ct);
            if (pass.Stage is null && await BeginAsync(facts, outcome, ct) is { } earlier)
            {
                return await WriteAsync(picture, Waiting(picture, ProcedurePlan.Queued(earlier)), ct);
            }

            return await WriteAsync(picture, ProcedureVerdict.Of(outcome, pass, kind), ct, NextLook(outcome, pass));
        }
        catch (ClusterApiException error) when (error.Class is ErrorClass.Invalid or ErrorClass.Terminal)
        {
            // Missing rights, or a policy that refuses: somebody may mend it, so it is tried until the time is up.
            LogRefused(error.Message);
            var outcome = new ProcedureOutcome.Waiting(ProcedureReasons.RequestFailed, $"The API server refuses a request: {error.Message}");
            return await WriteAsync(picture, ProcedureVerdict.Of(outcome, pass, kind), ct, ReconcileResult.BackOff);
        }
    }

    /// <summary>
    /// The first call only looks, so it needs no turn. Who can begin takes it then: of the version of the instance that was read before the look, so nobody else has had a turn meanwhile. Who has to wait
    /// for something else has none, or everybody behind it would wait for a passphrase that one backup lacks. What comes first, or null.
    /// </summary>
    private async ValueTask<string?> BeginAsync(ProcedureFacts facts, ProcedureOutcome outcome, CancellationToken ct)
    {
        if (outcome is ProcedureOutcome.Working)
        {
            return await TakeTurnAsync(facts, ct);
        }

        // Taken by an operator that ended before it had written down the beginning; by now something is missing.
        if (facts is { TakesTurn: true, InstanceSource: { } instance } && ProcedureLock.HolderOf(instance) == facts.Source.Uid)
        {
            await turns.ClearAsync(instance, ct);
        }

        return null;
    }

    private async ValueTask<string?> TakeTurnAsync(ProcedureFacts facts, CancellationToken ct) =>
        facts is { TakesTurn: true, InstanceSource: { } instance } ? await turns.TakeAsync(facts.Source, kind.RunsUnder(facts.Source), instance, ct) : null;

    private async ValueTask<ReconcileResult> WriteAsync(Picture picture, ProcedureReport report, CancellationToken ct, ReconcileResult next = default)
    {
        var source = picture.Facts.Source;
        var status = ProcedureStatusProjector.Project(picture.Status, report, source.Generation, source.SpecManager, time.GetUtcNow());
        await statusWriter.WriteAsync(source, picture.Facts.InstanceSource, picture.Status, status, ct);
        return ProcedurePhases.IsFinal(report.Phase) ? ReconcileResult.Done : next;
    }

    private Picture Gather(ClusterObject source, Func<ObjectKey, ClusterObject?> instanceOf)
    {
        var procedure = kind.Read(source);
        var status = kind.StatusOf(source);
        var name = procedure is null ? null : ProcedureReader.InstanceOf(source);
        var instanceSource = name is null ? null : instanceOf(new ObjectKey(source.Key.Namespace, name));
        var instance = instanceSource is null ? null : InstanceReader.Read(instanceSource);
        var takesTurn = procedure is not null && kind.TakesTurn(procedure);
        var facts = new ProcedureFacts
        {
            Noun = kind.Noun,
            Source = source,
            IsReadable = procedure is not null,
            Violations = kind.Violations(source),
            TakesTurn = takesTurn,
            InstanceName = name ?? "",
            BegunOn = status?.InstanceUid,
            InstanceSource = instanceSource,
            Instance = instance,
            IsInstanceInvalid = instance is not null && IsInvalid(instance),
            Before = takesTurn && instanceSource is not null && kind.RunsUnder(source) is null ? ProcedureQueue.Before(source, Others(instanceSource.Key)) : null,
            WorksWithoutInstance = procedure is not null && kind.WorksWithoutInstance(procedure),
            CancelsItself = kind.CancelsItself && status?.Stage is not null,
        };
        return new Picture(facts, procedure, status);
    }

    private IEnumerable<(IProcedureKind Kind, ClusterObject Source)> Others(ObjectKey instance) =>
        kinds.SelectMany(other => ProcedureSources.Of(caches, other.Type, instance).Select(source => (other, source)));

    private static bool IsInvalid(FamilyAssistantInstance instance) => SchemaRules.Check(instance.Spec).Count > 0 || InstanceRules.Check(instance.Spec).Count > 0;

    /// <summary>Whether the status has these words already, so that nothing has to be read for them.</summary>
    private bool Says(Picture picture, ProcedurePlan.Wait wait) =>
        picture.Status is { } status && status.Phase == Waiting(picture, wait).Phase && status.Reason == wait.Reason && status.Message == wait.Message && status.ObservedGeneration == picture.Facts.Source.Generation;

    private ProcedureReport Waiting(Picture picture, ProcedurePlan.Wait wait) =>
        new(picture.Status?.InstanceUid is null ? ProcedurePhases.Pending : kind.PhaseOf(picture.Status.Stage), wait.Reason, wait.Message);

    /// <summary>At the latest when its time is up, or when the kind wants to look again.</summary>
    private ReconcileResult NextLook(ProcedureOutcome outcome, ProcedurePass<TProcedure> pass)
    {
        if (outcome is ProcedureOutcome.Waiting { CheckAfter: { } again })
        {
            return ReconcileResult.CheckAfter(again);
        }

        if (outcome is not ProcedureOutcome.Working working)
        {
            return ReconcileResult.Done;
        }

        var next = (TimeSpan?[])[working.CheckAfter, ProcedureVerdict.Left(pass, kind.LimitOf(pass.Procedure))];
        return next.Min() is { } after ? ReconcileResult.CheckAfter(after) : ReconcileResult.Done;
    }

    [LoggerMessage(1120, LogLevel.Warning, "A request is refused: {Error}")]
    private partial void LogRefused(string error);

    /// <summary>A procedure and what is decided about it.</summary>
    private sealed record Picture(ProcedureFacts Facts, TProcedure? Procedure, TStatus? Status);
}
