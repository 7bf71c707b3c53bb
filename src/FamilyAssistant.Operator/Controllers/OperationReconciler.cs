using System.Diagnostics;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// One pass over one operation: may it go on, is it its turn, what does its handler say, write status once. Nothing is decided from a cache alone: before the handler is asked,
/// operation and instance are read live, and the turn is taken by compare-and-swap.
/// </summary>
internal sealed partial class OperationReconciler(
    IClusterApi api,
    ICaches caches,
    IEnumerable<IOperationHandler> handlers,
    OperationLock turns,
    OperationHistory history,
    OperationStatusWriter statusWriter,
    TimeProvider time,
    ILogger<OperationReconciler> logger) : IReconciler
{
    private readonly Dictionary<OperationAction, IOperationHandler> _handlers = handlers.ToDictionary(handler => handler.Action);

    /// <inheritdoc />
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        // One that is gone leaves nothing behind but its turn, which the pass over its instance ends.
        if (caches[Kinds.Operation].Get(key) is not { } source)
        {
            return ReconcileResult.Done;
        }

        if (OperationReader.IsFinal(source))
        {
            return await TrimAsync(source, ct);
        }

        var cached = Gather(source, name => caches[Kinds.Instance].Get(name));
        if (OperationPlan.Decide(cached) is OperationPlan.Wait wait && Says(cached, wait))
        {
            return ReconcileResult.Done;
        }

        if (await api.GetAsync(Kinds.Operation, key, ct) is not { } live || live.Uid != source.Uid)
        {
            return ReconcileResult.Done;
        }

        caches[Kinds.Operation].Remember(live);
        if (OperationReader.IsFinal(live))
        {
            return await TrimAsync(live, ct);
        }

        var instance = OperationReader.InstanceOf(live) is { } name ? await api.GetAsync(Kinds.Instance, new ObjectKey(key.Namespace, name), ct) : null;
        var facts = Gather(live, _ => instance);
        return OperationPlan.Decide(facts) switch
        {
            OperationPlan.Fail fail => await WriteAsync(facts, new OperationReport(OperationPhases.Failed, fail.Reason, fail.Message), ct),
            OperationPlan.Wait waits => await WriteAsync(facts, Waiting(facts, waits), ct),
            OperationPlan.Proceed proceed => await ProceedAsync(facts, proceed, ct),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>
    /// The same pass. In a namespace without an instance most caches speak for nothing, and an operation that waits for its instance has to be told so. Whatever is absent from a
    /// cache is read live here before anything follows from it.
    /// </summary>
    public Task<ReconcileResult> ReportUnreadableAsync(ObjectKey key, IReadOnlyList<CacheFault> faults, CancellationToken ct) => ReconcileAsync(key, ct);

    private async ValueTask<ReconcileResult> ProceedAsync(OperationFacts facts, OperationPlan.Proceed proceed, CancellationToken ct)
    {
        if (facts.TakesTurn && await turns.TakeAsync(facts.Source, proceed.InstanceSource, ct) is { } first)
        {
            return await WriteAsync(facts, Waiting(facts, OperationPlan.Queued(first)), ct);
        }

        var pass = new OperationPass
        {
            Source = facts.Source,
            Operation = proceed.Operation,
            InstanceSource = proceed.InstanceSource,
            Instance = proceed.Instance,
            Now = time.GetUtcNow(),
        };
        var handler = _handlers[proceed.Operation.Spec.Action];
        try
        {
            var outcome = await handler.ExecuteAsync(pass, ct);
            return await WriteAsync(facts, OperationVerdict.Of(outcome, pass, handler.Limit), ct, NextLook(outcome, pass, handler.Limit));
        }
        catch (ClusterApiException error) when (error.Class is ErrorClass.Invalid or ErrorClass.Terminal)
        {
            // Missing rights, or a policy that refuses: somebody may mend it, so it is tried until the time is up.
            LogRefused(error.Message);
            var outcome = new OperationOutcome.Waiting(OperationReasons.RequestFailed, $"The API server refuses a request: {error.Message}");
            return await WriteAsync(facts, OperationVerdict.Of(outcome, pass, handler.Limit), ct, ReconcileResult.BackOff);
        }
    }

    private async ValueTask<ReconcileResult> WriteAsync(OperationFacts facts, OperationReport report, CancellationToken ct, ReconcileResult next = default)
    {
        await statusWriter.WriteAsync(facts.Source, facts.Operation, facts.InstanceSource, StatusOf(facts), Project(facts, report), ct);
        return OperationPhases.IsFinal(report.Phase) ? ReconcileResult.Done : next;
    }

    private async ValueTask<ReconcileResult> TrimAsync(ClusterObject operation, CancellationToken ct)
    {
        if (OperationReader.InstanceOf(operation) is { } name)
        {
            await history.TrimAsync(new ObjectKey(operation.Key.Namespace, name), ct);
        }

        return ReconcileResult.Done;
    }

    private OperationFacts Gather(ClusterObject source, Func<ObjectKey, ClusterObject?> instanceOf)
    {
        var operation = OperationReader.Read(source);
        var violations = OperationReader.Violations(source);
        var instanceSource = operation is null ? null : instanceOf(new ObjectKey(source.Key.Namespace, operation.Spec.InstanceRef.Name));
        var instance = instanceSource is null ? null : InstanceReader.Read(instanceSource);
        var takesTurn = TakesTurn(source);
        return new OperationFacts(
            source,
            operation,
            violations,
            takesTurn,
            instanceSource,
            instance,
            instance is not null && (SchemaRules.Check(instance.Spec).Count > 0 || InstanceRules.Check(instance.Spec).Count > 0),
            takesTurn && instanceSource is not null ? OperationQueue.Before(source, OperationSources.Of(caches, instanceSource.Key), TakesTurn) : null);
    }

    private bool TakesTurn(ClusterObject source) =>
        OperationReader.Read(source) is { Spec.DryRun: false } operation && _handlers.TryGetValue(operation.Spec.Action, out var handler) && handler.IsMutating;

    private OperationStatus Project(OperationFacts facts, OperationReport report) =>
        OperationStatusProjector.Project(StatusOf(facts), report, facts.Source.Generation, facts.Source.SpecManager, time.GetUtcNow());

    /// <summary>Whether the status has these words already, so that nothing has to be read for them.</summary>
    private static bool Says(OperationFacts facts, OperationPlan.Wait wait) =>
        StatusOf(facts) is { } status && status.Phase == Waiting(facts, wait).Phase && status.Reason == wait.Reason && status.Message == wait.Message && status.ObservedGeneration == facts.Source.Generation;

    private static OperationReport Waiting(OperationFacts facts, OperationPlan.Wait wait) =>
        new(StatusOf(facts)?.InstanceUid is null ? OperationPhases.Pending : OperationPhases.Running, wait.Reason, wait.Message);

    private static OperationStatus? StatusOf(OperationFacts facts) => facts.Operation is { } operation ? operation.Status : OperationReader.StatusOf(facts.Source);

    /// <summary>At the latest when its time is up, or when the handler wants to look again.</summary>
    private static ReconcileResult NextLook(OperationOutcome outcome, OperationPass pass, TimeSpan limit)
    {
        if (outcome is not OperationOutcome.Working working)
        {
            return ReconcileResult.Done;
        }

        var left = OperationVerdict.Left(pass, limit);
        return ReconcileResult.CheckAfter(working.CheckAfter is { } after && after < left ? after : left);
    }

    [LoggerMessage(1120, LogLevel.Warning, "A request is refused: {Error}")]
    private partial void LogRefused(string error);
}
