using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>Which pods are asked.</summary>
internal abstract record HealthPlan
{
    private HealthPlan()
    {
    }

    /// <summary>Nobody.</summary>
    internal sealed record Nobody(StepOutcome Outcome) : HealthPlan;

    /// <summary>These.</summary>
    internal sealed record Ask(IReadOnlyList<HealthTarget> Targets) : HealthPlan;

    /// <summary>Pure decision.</summary>
    /// <param name="replicas">Wanted pods.</param>
    /// <param name="running">Those whose container runs now.</param>
    public static HealthPlan Decide(int replicas, IReadOnlyList<HealthTarget> running) => (replicas, running.Count) switch
    {
        (0, _) => new Nobody(new StepOutcome.Settled(HealthReasons.Stopped, "The instance is stopped: spec.replicas is 0.")),
        (_, 0) => new Nobody(new StepOutcome.Progressing(HealthReasons.NotRunning, "No container of the application runs.")),
        _ => new Ask(running),
    };
}
