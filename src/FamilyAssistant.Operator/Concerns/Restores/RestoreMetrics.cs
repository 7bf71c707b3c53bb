using FamilyAssistant.Operator.Reconciliation.Procedures;
using Prometheus;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>Counter of the restores that ended.</summary>
internal sealed class RestoreMetrics
{
    private readonly Counter _finished;

    public RestoreMetrics(CollectorRegistry registry)
    {
        _finished = Metrics.WithCustomRegistry(registry).CreateCounter("family_assistant_restores_total", "Restores that ended, by result (Completed or Failed); dry runs are not counted.", "result");

        // From the beginning: a rate over a series that appears with its first failure misses it.
        _finished.WithLabels(ProcedurePhases.Completed);
        _finished.WithLabels(ProcedurePhases.Failed);
    }

    /// <summary>One ended.</summary>
    public void Count(string phase) => _finished.WithLabels(phase).Inc();
}
