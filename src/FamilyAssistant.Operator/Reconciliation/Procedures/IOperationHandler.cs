using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>
/// One action of <see cref="FamilyAssistantOperation"/>, in the folder of the concern whose objects it is about; one line in the concern's registration makes it known.
/// Handlers are level-based: they are told how far the operation is and look at everything else themselves, live.
/// </summary>
/// <remarks>
/// The rule that makes them safe: a call with a stage may act for exactly that stage, and a call without one never acts. Whatever an act needs to know of the time
/// before it is handed out as <see cref="ProcedureOutcome.Working.Before"/> together with the stage; both stand in the status before the handler is called again. So an
/// operator that dies between any two requests finds the record, and acts are repeated only under preconditions (UID, resourceVersion) of what was recorded.
/// A dry run is the call without a stage, and no more.
/// </remarks>
internal interface IOperationHandler
{
    /// <summary>The action; each has one handler.</summary>
    OperationAction Action { get; }

    /// <summary>Whether it changes something. One of these runs on an instance at a time, in the order of their creation; the others run beside them.</summary>
    bool IsMutating { get; }

    /// <summary>From its start on, after which the operation is given up as <see cref="ProcedureReasons.DeadlineExceeded"/>, so that those behind it get their turn. Default one hour.</summary>
    TimeSpan Limit => TimeSpan.FromHours(1);

    /// <summary>One look and, with a stage, at most the acts of that stage. Both objects of the pass were read live a moment ago.</summary>
    ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct);
}
