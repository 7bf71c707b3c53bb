using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Operations: each action has a handler in the concern whose objects it is about.</summary>
internal sealed class OperationKind(IEnumerable<IOperationHandler> handlers, OperationHistory history, OperationMetrics metrics) : ProcedureKind<FamilyAssistantOperation, OperationStatus>
{
    private readonly Dictionary<OperationAction, IOperationHandler> _handlers = handlers.ToDictionary(handler => handler.Action);

    /// <inheritdoc />
    public override ResourceType Type => Kinds.Operation;

    /// <inheritdoc />
    public override string Noun => "operation";

    /// <inheritdoc />
    public override string SuccessPhase => ProcedurePhases.Succeeded;

    /// <inheritdoc />
    public override JsonTypeInfo<OperationStatus> StatusPatchJson => StatusPatchContext.Default.OperationStatus;

    /// <inheritdoc />
    public override ProcedureEvents Events { get; } = new(EventReasons.OperationStarted, EventReasons.OperationSucceeded, EventReasons.OperationFailed, "Operate");

    /// <inheritdoc />
    protected override JsonTypeInfo<FamilyAssistantOperation> Json => ApiJsonContext.Default.FamilyAssistantOperation;

    /// <inheritdoc />
    protected override JsonTypeInfo<OperationStatus> StatusJson => ApiJsonContext.Default.OperationStatus;

    /// <inheritdoc />
    public override bool IsDryRun(FamilyAssistantOperation procedure) => procedure.Spec.DryRun;

    /// <inheritdoc />
    public override bool TakesTurn(FamilyAssistantOperation procedure) => !procedure.Spec.DryRun && _handlers.TryGetValue(procedure.Spec.Action, out var handler) && handler.IsMutating;

    /// <inheritdoc />
    public override TimeSpan? LimitOf(FamilyAssistantOperation procedure) => _handlers[procedure.Spec.Action].Limit;

    /// <inheritdoc />
    public override string? StopsBecause(ClusterObject source) =>
        source is { IsTerminating: false, Generation: <= 1 } && ProcedureReader.Of(source) is { Phase: ProcedurePhases.Running, Stage: ProcedureStages.Stopping }
            ? $"operation {source.Key.Name} stops the instance and starts it again"
            : null;

    /// <inheritdoc />
    public override async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct) =>
        await _handlers[pass.Procedure.Spec.Action].ExecuteAsync(pass, ct) is var outcome && outcome is ProcedureOutcome.Done { After: { } after } done
            ? done with { Report = status => ((OperationStatus)status) with { After = ProcedureStatusProjector.Merge(null, after) } }
            : outcome;

    /// <inheritdoc />
    public override async ValueTask<ReconcileResult> AfterEndAsync(ClusterObject source, CancellationToken ct)
    {
        if (ProcedureReader.InstanceOf(source) is { } name)
        {
            await history.TrimAsync(new ObjectKey(source.Key.Namespace, name), ct);
        }

        return ReconcileResult.Done;
    }

    /// <inheritdoc />
    public override void Count(FamilyAssistantOperation procedure, string phase) => metrics.Count(procedure.Spec.Action, phase);

    /// <inheritdoc />
    public override string TitleOf(ClusterObject source, FamilyAssistantOperation? procedure) => procedure is null
        ? $"Operation {source.Key.Name}"
        : $"Operation {source.Key.Name} ({procedure.Spec.Action}{(procedure.Spec.DryRun ? ", dry run" : "")})";

    /// <inheritdoc />
    protected override IReadOnlyList<RuleViolation> CheckSpec(JsonElement spec) => SchemaRules.CheckOperationJson(spec);
}
