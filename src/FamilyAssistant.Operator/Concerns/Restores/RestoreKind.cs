using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>Restores: a set goes into an instance, once, and on failure everything becomes as it was before.</summary>
internal sealed class RestoreKind(RestoreHandler handler, RestoreMetrics metrics) : ProcedureKind<FamilyAssistantRestore, RestoreStatus>
{
    /// <inheritdoc />
    public override ResourceType Type => Kinds.Restore;

    /// <inheritdoc />
    public override string Noun => "restore";

    /// <inheritdoc />
    public override JsonTypeInfo<RestoreStatus> StatusPatchJson => StatusPatchContext.Default.RestoreStatus;

    /// <inheritdoc />
    public override ProcedureEvents Events { get; } = new(EventReasons.RestoreStarted, EventReasons.RestoreCompleted, EventReasons.RestoreFailed, "Restore");

    /// <inheritdoc />
    public override bool DryRunOnlyLooks => false;

    /// <inheritdoc />
    public override bool CancelsItself => true;

    /// <inheritdoc />
    protected override JsonTypeInfo<FamilyAssistantRestore> Json => ApiJsonContext.Default.FamilyAssistantRestore;

    /// <inheritdoc />
    protected override JsonTypeInfo<RestoreStatus> StatusJson => ApiJsonContext.Default.RestoreStatus;

    /// <inheritdoc />
    public override bool IsDryRun(FamilyAssistantRestore procedure) => procedure.Spec.DryRun;

    /// <inheritdoc />
    public override bool TakesTurn(FamilyAssistantRestore procedure) => !procedure.Spec.DryRun;

    /// <inheritdoc />
    public override TimeSpan? LimitOf(FamilyAssistantRestore procedure) => null;

    /// <inheritdoc />
    public override bool WorksWithoutInstance(FamilyAssistantRestore procedure) => procedure.Spec.Parts.Contains(BackupPart.Configuration);

    /// <inheritdoc />
    public override string? StopsBecause(ClusterObject source) =>
        ProcedureReader.Of(source) is var progress && !ProcedurePhases.IsFinal(progress.Phase) && RestoreStages.Holds(progress.Stage, progress.InstanceUid is not null)
            ? $"restore {source.Key.Name} puts a backup set into it"
            : null;

    /// <inheritdoc />
    public override ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct) => handler.ExecuteAsync(pass, ct);

    /// <inheritdoc />
    public override ValueTask<ReconcileResult> AfterEndAsync(ClusterObject source, CancellationToken ct) => handler.AfterEndAsync(source, ct);

    /// <inheritdoc />
    public override void Count(FamilyAssistantRestore procedure, string phase) => metrics.Count(phase);

    /// <inheritdoc />
    public override string TitleOf(ClusterObject source, FamilyAssistantRestore? procedure) => procedure?.Spec.DryRun == true ? $"Restore {source.Key.Name} (dry run)" : $"Restore {source.Key.Name}";

    /// <inheritdoc />
    protected override IReadOnlyList<RuleViolation> CheckSpec(JsonElement spec) => SchemaRules.CheckRestoreJson(spec);

    /// <inheritdoc />
    protected override IReadOnlyList<RuleViolation> CheckRules(FamilyAssistantRestore procedure) => RestoreRules.Check(procedure.Spec);
}
