using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>A step with a prescribed answer; it counts how often it was asked.</summary>
internal sealed class StubStep(string condition, Func<StepOutcome> answer) : IInstanceStep
{
    public StubStep(string condition, StepOutcome answer)
        : this(condition, () => answer)
    {
    }

    public int Calls { get; private set; }

    public string Condition => condition;

    /// <summary>Answer while an earlier gate is closed.</summary>
    public StepOutcome? BehindClosedGate { get; init; }

    public ValueTask<StepOutcome?> ExecuteBehindClosedGateAsync(InstancePass pass, CancellationToken ct) => ValueTask.FromResult(BehindClosedGate);

    public ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Calls++;
        return ValueTask.FromResult(answer());
    }
}
