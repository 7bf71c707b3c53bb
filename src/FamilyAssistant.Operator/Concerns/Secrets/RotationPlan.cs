using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>What an operation that makes a generated key anew does next. Pure.</summary>
internal abstract record RotationPlan
{
    /// <summary>First stage: the key is replaced, once.</summary>
    public const string Rotating = "Rotating";

    /// <summary>Second stage: the pods get it.</summary>
    public const string RollingOut = "RollingOut";

    private RotationPlan()
    {
    }

    /// <summary>Nothing but to say so.</summary>
    internal sealed record Answer(ProcedureOutcome Outcome) : RotationPlan;

    /// <summary>It can begin: gather the evidence and say what will be done.</summary>
    internal sealed record Announce : RotationPlan;

    /// <summary>Replace the key.</summary>
    internal sealed record Replace : RotationPlan;

    /// <summary>The pods have it: gather the evidence and say what was done.</summary>
    /// <param name="Afterwards">How the instance is now, as the end of a sentence.</param>
    internal sealed record Finish(string Afterwards) : RotationPlan;

    /// <summary>Pure decision.</summary>
    public static RotationPlan Decide(string? stage, RotationFacts now)
    {
        return stage switch
        {
            RollingOut => Pods(now),
            // Replaced already, and the operator ended before it could say so.
            Rotating when now.IsRotated => new Answer(new ProcedureOutcome.Working(RollingOut, "The key is replaced; the pods get it.")),
            _ when Obstacle(stage, now) is { } obstacle => new Answer(obstacle),
            Rotating => new Replace(),
            _ => new Announce(),
        };
    }

    private static ProcedureOutcome? Obstacle(string? stage, RotationFacts now)
    {
        if (now.OwnSecret is { } own)
        {
            return new ProcedureOutcome.Failed(
                OperationReasons.KeyNotGenerated,
                $"The instance uses {string.Join(" and ", now.OwnKeys)} of Secret {own}, which only you change. Write another value there; or remove {(now.OwnKeys.Count == 1 ? "the key" : "these keys")} to use generated ones, which this operation can make anew.");
        }

        if (stage is null && now.Instance.ClosedGate is { } gate)
        {
            return new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, $"The application could not start again now, so nothing is changed. {gate}");
        }

        return now.Generated switch
        {
            GeneratedPlan.Keep => null,
            GeneratedPlan.Refuse(var finding) => new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, finding.Message),
            _ => new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "The generated keys do not exist yet; they are made by themselves."),
        };
    }

    private static RotationPlan Pods(RotationFacts now)
    {
        if (now.Set is not { } set || set.RotatedBy != now.Operation)
        {
            return Waits($"The key is replaced; waits for the pod's template to follow.{(now.Instance.ClosedGate is { } gate ? " " + gate : "")}");
        }

        if (now.Replicas == 0)
        {
            return new Finish("no pod runs, and the next one has it from its start");
        }

        if (!set.IsSettled || set.ReadyReplicas < now.Replicas)
        {
            return Waits($"{set.ReadyReplicas} of {now.Replicas} pods ready.");
        }

        return now.Instance.IsReady || !now.WasReady
            ? new Finish(now.Instance.IsReady ? "the instance is Ready" : $"the instance is not Ready, as before ({now.Instance.Summary})")
            : Waits($"The pods are ready; waits for the instance to be Ready again ({now.Instance.Summary}).");
    }

    private static Answer Waits(string message) => new(new ProcedureOutcome.Working(RollingOut, message));
}

/// <summary>What the decision is made from, all of it read live.</summary>
internal sealed record RotationFacts
{
    /// <summary>UID of the operation.</summary>
    public required string Operation { get; init; }

    /// <summary>What the operator last said of the instance.</summary>
    public required InstanceState Instance { get; init; }

    /// <summary>Whether the instance was Ready when the operation began; then it has to be again.</summary>
    public bool WasReady { get; init; }

    /// <summary><c>spec.replicas</c> of the instance.</summary>
    public required int Replicas { get; init; }

    /// <summary>Name of the user's Secret when the key in use is from there; else null.</summary>
    public string? OwnSecret { get; init; }

    /// <summary>Those keys in it.</summary>
    public IReadOnlyList<string> OwnKeys { get; init; } = [];

    /// <summary>What is to be done about the Secret of generated keys.</summary>
    public required GeneratedPlan Generated { get; init; }

    /// <summary>Whether that Secret says that this operation has replaced the key.</summary>
    public bool IsRotated { get; init; }

    /// <summary>The application's StatefulSet; null when there is none of this instance.</summary>
    public RotatedSet? Set { get; init; }
}

/// <summary>What a StatefulSet says of a rotation.</summary>
/// <param name="RotatedBy">UID of the operation of whose keys its template was rendered.</param>
/// <param name="IsSettled">The controller has seen it, and no pod of an earlier template is left.</param>
/// <param name="ReadyReplicas">Pods that pass their readiness probe.</param>
internal sealed record RotatedSet(string? RotatedBy, bool IsSettled, int ReadyReplicas);
