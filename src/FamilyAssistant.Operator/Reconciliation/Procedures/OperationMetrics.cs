using FamilyAssistant.Operator.Api.Operations;
using Prometheus;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Counter of the operations that ended.</summary>
internal sealed class OperationMetrics
{
    private readonly Counter _finished;

    public OperationMetrics(CollectorRegistry registry)
    {
        _finished = Metrics.WithCustomRegistry(registry).CreateCounter(
            "family_assistant_operations_total", "Operations that ended, by action and result (Succeeded or Failed); dry runs are not counted.", "action", "result");
        foreach (var action in Enum.GetValues<OperationAction>())
        {
            // From the beginning: a rate over a series that appears with its first failure misses it.
            _finished.WithLabels(action.ToString(), ProcedurePhases.Succeeded);
            _finished.WithLabels(action.ToString(), ProcedurePhases.Failed);
        }
    }

    /// <summary>One ended.</summary>
    public void Count(OperationAction action, string phase) => _finished.WithLabels(action.ToString(), phase).Inc();
}
