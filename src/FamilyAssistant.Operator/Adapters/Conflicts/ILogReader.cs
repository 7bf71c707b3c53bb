using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>One look at one log.</summary>
internal interface ILogReader
{
    /// <summary>Looks, for at most ten seconds; every failure is an answer. Only a cancelled <paramref name="ct"/> is thrown.</summary>
    Task<LogFinding> ReadAsync(PollingContainer container, CancellationToken ct);
}
