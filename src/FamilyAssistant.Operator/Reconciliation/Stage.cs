namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A step and its place in the order.</summary>
/// <param name="Kind">What a condition that is not True means for the stages after it.</param>
/// <param name="Step">The step.</param>
internal sealed record Stage(StageKind Kind, IInstanceStep Step);

/// <summary>What a stage may stop.</summary>
internal enum StageKind
{
    /// <summary>Until its condition is True nothing after it runs and what runs already is left as it is.</summary>
    Gate,

    /// <summary>
    /// Beside the application: never stops anything, runs although a gate is closed or everything is stopped, and says nothing about whether the instance is Ready. An instance that serves
    /// its family is Ready although its last backup failed; condition, event and metrics tell of that.
    /// </summary>
    Open,

    /// <summary>Of the application: never stops anything and runs although a gate is closed; the instance is Ready only with it.</summary>
    Always,
}

/// <summary>What one stage came to.</summary>
/// <param name="Condition">Type of the condition.</param>
/// <param name="Outcome">Null when an earlier gate was closed.</param>
/// <param name="WaitsFor">Condition of the closed gate, when there was one.</param>
internal sealed record StepReport(string Condition, StepOutcome? Outcome, string? WaitsFor = null)
{
    /// <summary>Whether the instance is Ready only when this is as desired; false for what goes on beside the application (<see cref="StageKind.Open"/>).</summary>
    public bool CountsForReady { get; init; } = true;
}
