using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>
/// One kind of procedure: how its objects are read, and what one call of it does. Everything else (who may go on, whose turn it is, live reads, the status) is the same for all of them.
/// </summary>
/// <remarks>
/// The rule that makes procedures safe: a call with a stage may act for exactly that stage, and a call without one never acts. Whatever an act needs to know of the time before it is handed out as
/// <see cref="ProcedureOutcome.Working.Before"/> together with the stage; both stand in the status before the next call. So an operator that dies between any two requests finds the record, and
/// acts are repeated only under preconditions (UID, resourceVersion) of what was recorded, or on objects whose names follow from the procedure's UID.
/// </remarks>
internal abstract class ProcedureKind<TProcedure, TStatus> : IProcedureKind
    where TProcedure : class
    where TStatus : ProcedureStatus, new()
{
    /// <inheritdoc />
    public abstract ResourceType Type { get; }

    /// <inheritdoc />
    public abstract string Noun { get; }

    /// <summary>Phase of one that did what was asked for.</summary>
    public virtual string SuccessPhase => ProcedurePhases.Completed;

    /// <summary>JSON of the status as a merge patch, from <see cref="StatusPatchContext"/>.</summary>
    public abstract JsonTypeInfo<TStatus> StatusPatchJson { get; }

    /// <summary>What its events are called.</summary>
    public abstract ProcedureEvents Events { get; }

    /// <summary>JSON of the whole object.</summary>
    protected abstract JsonTypeInfo<TProcedure> Json { get; }

    /// <summary>JSON of the status as it is stored.</summary>
    protected abstract JsonTypeInfo<TStatus> StatusJson { get; }

    /// <summary>The object as records; null when it does not fit into them, because it was made under another schema.</summary>
    public TProcedure? Read(ClusterObject source)
    {
        try
        {
            return source.Read(Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Its status; null when there is none that can be read.</summary>
    public TStatus? StatusOf(ClusterObject source)
    {
        try
        {
            return JsonNode.Parse(source.Json.Span)?["status"].Deserialize(StatusJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Bounds and rules that it breaks.</summary>
    public IReadOnlyList<RuleViolation> Violations(ClusterObject source)
    {
        using var document = JsonDocument.Parse(source.Json);
        return
        [
            .. SchemaRules.CheckProcedureName(source.Key.Name),
            .. document.RootElement.TryGetProperty("spec", out var spec) ? CheckSpec(spec) : [new RuleViolation(SchemaRules.RuleId, "spec", "must be set")],
            .. Read(source) is { } procedure ? CheckRules(procedure) : [],
        ];
    }

    /// <inheritdoc />
    public bool TakesTurn(ClusterObject source) => Read(source) is { } procedure && TakesTurn(procedure);

    /// <inheritdoc />
    public virtual string? StopsBecause(ClusterObject source) => null;

    /// <summary>Whether it changes or reads the instance in a way that must not meet another one's.</summary>
    public abstract bool TakesTurn(TProcedure procedure);

    /// <summary>UID of the procedure in whose turn this one may run as well, because that one made it; null: it waits for its own.</summary>
    public virtual string? RunsUnder(ClusterObject source) => null;

    /// <summary>Only look and say what would be done.</summary>
    public virtual bool IsDryRun(TProcedure procedure) => false;

    /// <summary>Whether a dry run ends with its first look; otherwise the kind ends it itself.</summary>
    public virtual bool DryRunOnlyLooks => true;

    /// <summary>Phase while it is in this stage.</summary>
    public virtual string PhaseOf(string? stage) => ProcedurePhases.Running;

    /// <summary>From its start on, after which it is given up as <see cref="ProcedureReasons.DeadlineExceeded"/>, so that those behind it get their turn. Null: it minds its deadline itself.</summary>
    public abstract TimeSpan? LimitOf(TProcedure procedure);

    /// <summary>Whether it can begin although its instance does not exist; its calls then have none (<see cref="ProcedurePass{T}.HasInstance"/>).</summary>
    public virtual bool WorksWithoutInstance(TProcedure procedure) => false;

    /// <summary>
    /// Whether one that has a stage is called although it was deleted (a finalizer holds it) or edited: it finds <see cref="ProcedurePass{T}.Cancelled"/> and brings the instance back before it fails.
    /// </summary>
    public virtual bool CancelsItself => false;

    /// <summary>One look and, with a stage, at most the acts of that stage. The objects of the pass were read live a moment ago.</summary>
    public abstract ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<TProcedure> pass, CancellationToken ct);

    /// <summary>A pass over one that has ended, as the caches have it; also when it is being deleted. To be done with requests only when there is something to do.</summary>
    public virtual ValueTask<ReconcileResult> AfterEndAsync(ClusterObject source, CancellationToken ct) => new(ReconcileResult.Done);

    /// <summary>One ended, for the metrics. Dry runs are not counted.</summary>
    public abstract void Count(TProcedure procedure, string phase);

    /// <summary>Its name in events: <c>Operation night (Restart)</c>.</summary>
    public abstract string TitleOf(ClusterObject source, TProcedure? procedure);

    /// <summary>Plain bounds of the spec.</summary>
    protected abstract IReadOnlyList<RuleViolation> CheckSpec(JsonElement spec);

    /// <summary>Rules over several fields.</summary>
    protected virtual IReadOnlyList<RuleViolation> CheckRules(TProcedure procedure) => [];
}

/// <summary>Reasons and action of a kind's events, from <see cref="EventReasons"/>.</summary>
/// <param name="Started">It began.</param>
/// <param name="Succeeded">It did what was asked for.</param>
/// <param name="Failed">It was refused or given up.</param>
/// <param name="Action">What the operator does, as a verb.</param>
internal sealed record ProcedureEvents(string Started, string Succeeded, string Failed, string Action);
