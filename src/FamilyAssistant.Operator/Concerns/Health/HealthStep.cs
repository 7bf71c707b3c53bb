using System.Diagnostics;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>What the application says of itself, whatever else is going on. Makes no request to the API server and changes nothing.</summary>
internal sealed class HealthStep(IHealthMonitor monitor, IConflictMonitor conflicts) : IInstanceStep
{
    /// <summary>The application answers in milliseconds, or is busy starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public string Condition => ConditionTypes.AppHealthy;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        var key = pass.Source.Key;
        var pods = pass.Observed.PodsOf(Components.App).ToList();
        switch (HealthPlan.Decide(pass.Spec.Replicas, RunningPods.Of(pods)))
        {
            case HealthPlan.Stopped:
                monitor.Forget(key);
                conflicts.Forget(key);
                return new StepOutcome.Settled(HealthReasons.Stopped, "The instance is stopped: spec.replicas is 0.");
            case HealthPlan.Nobody:
                monitor.Forget(key);
                return HealthVerdict.Of([], ConflictOf(pass, []), Redaction.Of(pass));
            case HealthPlan.Ask(var targets):
                monitor.Keep(key, targets);
                var conflict = RunningPods.Polling(pods) is { Count: > 0 } polling ? ConflictOf(pass, polling) : NoBot(key);
                var answers = new List<HealthObservation?>();
                foreach (var target in targets)
                {
                    answers.Add(await monitor.ObserveAsync(key, target, Patience, ct));
                }

                return HealthVerdict.Of(answers, conflict, Redaction.Of(pass));
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Before the pods are asked, so that the monitor knows whom their first answers are of.</summary>
    private PollingConflict? ConflictOf(InstancePass pass, IReadOnlyList<PollingContainer> containers)
    {
        var told = pass.Instance.Status?.Conditions.Any(condition => condition is { Type: ConditionTypes.AppHealthy, Reason: HealthReasons.TelegramConflict }) == true;
        var conflict = conflicts.Observe(pass.Source.Key, told);
        conflicts.Keep(pass.Source.Key, containers);
        return conflict;
    }

    /// <summary>What polls nothing is in no conflict, and its log is nobody's business.</summary>
    private PollingConflict? NoBot(ObjectKey instance)
    {
        conflicts.Forget(instance);
        return null;
    }
}
