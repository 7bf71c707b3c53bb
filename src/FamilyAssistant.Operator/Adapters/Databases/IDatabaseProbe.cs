using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>One look at one database.</summary>
internal interface IDatabaseProbe
{
    /// <summary>Looks, for at most some seconds; every failure is an answer. Only a cancelled <paramref name="ct"/> is thrown.</summary>
    Task<DatabaseLook> LookAsync(string @namespace, DatabaseTarget target, CancellationToken ct);
}

/// <summary>What a look found.</summary>
/// <param name="Observation">What decides.</param>
/// <param name="Figures">What moves by itself and goes to metrics only; null when there was no answer.</param>
internal sealed record DatabaseLook(DatabaseObservation Observation, DatabaseFigures? Figures = null);

/// <summary>Figures of a database.</summary>
/// <param name="SizeBytes">Size on disk, in bytes.</param>
/// <param name="Connections">Sessions in this database by state (<c>active</c>, <c>idle</c>, …), without the operator's own.</param>
internal sealed record DatabaseFigures(long SizeBytes, IReadOnlyDictionary<string, long> Connections);
