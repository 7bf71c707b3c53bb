using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>What one step found. Whether a False condition stops later steps is written in the pipeline's list, not here.</summary>
internal abstract record StepOutcome
{
    private StepOutcome(string reason, string message)
    {
        Reason = reason;
        Message = message;
    }

    /// <summary>CamelCase, from the concern's reasons and docs/conditions.md.</summary>
    public string Reason { get; }

    /// <summary>What is so, and what to do about it; never a secret value.</summary>
    public string Message { get; init; }

    /// <summary>Facts for the status beside the condition, for example the database's revision.</summary>
    public Func<InstanceStatus, InstanceStatus>? Report { get; init; }

    /// <summary>
    /// Closes a gate that opens only when nothing of the application runs any more: whatever writes the workload stops it, and waits until the last pod is gone. Null: what runs is left
    /// as it is. The text says why, as the end of "Stopped: …".
    /// </summary>
    public string? StopsBecause { get; init; }

    /// <summary>Time until the next look, whatever the outcome is and beside what the outcome itself asks for: something of the instance goes by the clock. Null: nothing does.</summary>
    public TimeSpan? LookAgain { get; init; }

    /// <summary>As desired: condition True.</summary>
    internal sealed record Settled(string Reason, string Message) : StepOutcome(Reason, Message)
    {
        /// <summary>Time of the next look when something moves by the clock alone; null: only a change wakes it.</summary>
        public TimeSpan? CheckAfter { get; init; }
    }

    /// <summary>On the way: condition False, Reconciling. <see cref="TimeSpan.Zero"/> means that the step itself changed what earlier steps saw: the pass is run again at once.</summary>
    internal sealed record Progressing(string Reason, string Message, TimeSpan? CheckAfter = null) : StepOutcome(Reason, Message);

    /// <summary>
    /// The operator has done its part, and something that it does not manage is wrong: condition False, but the gate is open, because to keep later steps from their work would mend nothing.
    /// </summary>
    internal sealed record Degraded(string Reason, string Message, TimeSpan? CheckAfter = null) : StepOutcome(Reason, Message);

    /// <summary>Waits for somebody: condition False, no timer, a watched change wakes it.</summary>
    /// <param name="Reason">Reason of the condition.</param>
    /// <param name="Message">The field and the remedy.</param>
    /// <param name="NeedsSpecChange">Nothing but an edit of the instance mends it: <c>Stalled</c>.</param>
    internal sealed record Blocked(string Reason, string Message, bool NeedsSpecChange = false) : StepOutcome(Reason, Message);

    /// <summary>A request failed unexpectedly: condition False, back-off. Made by the pipeline runner from exceptions, never by a step.</summary>
    internal sealed record Faulted(string Reason, string Message) : StepOutcome(Reason, Message);
}
