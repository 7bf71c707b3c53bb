using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Backups: each makes one set, by one Job at a time.</summary>
internal sealed class BackupKind(BackupHandler handler, VerificationHandler verification, RemovalHandler removal, BackupMetrics metrics, IClusterApi api, ICaches caches, IEventRecorder events)
    : ProcedureKind<FamilyAssistantBackup, BackupStatus>
{
    /// <inheritdoc />
    public override ResourceType Type => Kinds.Backup;

    /// <inheritdoc />
    public override string Noun => "backup";

    /// <inheritdoc />
    public override JsonTypeInfo<BackupStatus> StatusPatchJson => StatusPatchContext.Default.BackupStatus;

    /// <inheritdoc />
    public override ProcedureEvents Events { get; } = new(EventReasons.BackupStarted, EventReasons.BackupCompleted, EventReasons.BackupFailed, "Backup");

    /// <inheritdoc />
    protected override JsonTypeInfo<FamilyAssistantBackup> Json => ApiJsonContext.Default.FamilyAssistantBackup;

    /// <inheritdoc />
    protected override JsonTypeInfo<BackupStatus> StatusJson => ApiJsonContext.Default.BackupStatus;

    /// <inheritdoc />
    public override bool TakesTurn(FamilyAssistantBackup procedure) => true;

    /// <summary>The one that a restore made, before it changes anything, is made while it is the restore's turn.</summary>
    public override string? RunsUnder(ClusterObject source) =>
        source.Labels.GetValueOrDefault(WireNames.BackupOriginLabel) == WireNames.BackupOfRestore ? source.Annotations.GetValueOrDefault(WireNames.RestoreAnnotation) : null;

    /// <inheritdoc />
    public override string PhaseOf(string? stage) =>
        stage is not null && BackupStages.Of(stage).Work == BackupStages.Verifying ? ProcedurePhases.Verifying : ProcedurePhases.Running;

    /// <summary>Its deadline may stand in the instance.</summary>
    public override TimeSpan? LimitOf(FamilyAssistantBackup procedure) => null;

    /// <inheritdoc />
    public override ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantBackup> pass, CancellationToken ct) => handler.ExecuteAsync(pass, ct);

    /// <inheritdoc />
    public override async ValueTask<ReconcileResult> AfterEndAsync(ClusterObject source, CancellationToken ct)
    {
        if (source.IsTerminating)
        {
            return await removal.ExecuteAsync(source, StatusOf, ct);
        }

        var status = StatusOf(source);
        if (!await removal.CleanUpAsync(source, name => VerificationHandler.IsJobOf(status, source, name), ct))
        {
            // What its Job is gone by is not what wakes it: a pod may take until the end of its grace.
            return ReconcileResult.CheckAfter(TimeSpan.FromSeconds(5));
        }

        var writer = new ProcedureStatusWriter<FamilyAssistantBackup, BackupStatus>(api, caches, events, this);
        return ProcedurePhases.IsSuccess(status?.Phase)
            ? await verification.ExecuteAsync(source, (live, previous, next) => writer.WriteAsync(live, null, previous, next, ct), StatusOf, ct)
            : ReconcileResult.Done;
    }

    /// <inheritdoc />
    public override void Count(FamilyAssistantBackup procedure, string phase) => metrics.Count(new ObjectKey(procedure.Metadata.NamespaceProperty, procedure.Spec.InstanceRef.Name), phase);

    /// <inheritdoc />
    public override string TitleOf(ClusterObject source, FamilyAssistantBackup? procedure) => $"Backup {source.Key.Name}";

    /// <inheritdoc />
    protected override IReadOnlyList<RuleViolation> CheckSpec(JsonElement spec) => SchemaRules.CheckBackupJson(spec);
}
