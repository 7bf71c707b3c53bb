using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>Which pods are asked.</summary>
internal abstract record HealthPlan
{
    private HealthPlan()
    {
    }

    /// <summary>Nobody: the instance is stopped as asked.</summary>
    internal sealed record Stopped : HealthPlan;

    /// <summary>Nobody, although somebody should be there.</summary>
    internal sealed record Nobody : HealthPlan;

    /// <summary>These.</summary>
    internal sealed record Ask(IReadOnlyList<HealthTarget> Targets) : HealthPlan;

    /// <summary>Pure decision.</summary>
    /// <param name="replicas">Wanted pods.</param>
    /// <param name="running">Those whose container runs now.</param>
    public static HealthPlan Decide(int replicas, IReadOnlyList<HealthTarget> running) => (replicas, running.Count) switch
    {
        (0, _) => new Stopped(),
        (_, 0) => new Nobody(),
        _ => new Ask(running),
    };
}
