using System.Diagnostics;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>What the application says of itself, whatever else is going on. Makes no request to the API server and changes nothing.</summary>
internal sealed class HealthStep(IHealthMonitor monitor) : IInstanceStep
{
    /// <summary>The application answers in milliseconds, or is busy starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public string Condition => ConditionTypes.AppHealthy;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        switch (HealthPlan.Decide(pass.Spec.Replicas, RunningPods.Of(pass.Observed.PodsOf(Components.App))))
        {
            case HealthPlan.Nobody(var outcome):
                monitor.Forget(pass.Source.Key);
                return outcome;
            case HealthPlan.Ask(var targets):
                monitor.Keep(pass.Source.Key, targets);
                var answers = new List<HealthObservation?>();
                foreach (var target in targets)
                {
                    answers.Add(await monitor.ObserveAsync(pass.Source.Key, target, Patience, ct));
                }

                return HealthVerdict.Of(answers, Redaction.Of(pass));
            default:
                throw new UnreachableException();
        }
    }
}
