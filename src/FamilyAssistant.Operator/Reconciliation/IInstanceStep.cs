namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>One concern of an instance: observe, decide (in its plan), act. Steps hand nothing to each other; each looks for itself.</summary>
internal interface IInstanceStep
{
    /// <summary>Type of the condition that the outcome becomes.</summary>
    string Condition { get; }

    /// <summary>One look and, where needed, one act. Exceptions become <see cref="StepOutcome.Faulted"/>.</summary>
    ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct);

    /// <summary>
    /// What is done although a gate before this step is closed: only what ends something that the spec does not want, never what starts something. Null, the default:
    /// nothing, and the condition says what it waits for.
    /// </summary>
    ValueTask<StepOutcome?> ExecuteBehindClosedGateAsync(InstancePass pass, CancellationToken ct) => new((StepOutcome?)null);
}
