using System.Globalization;
using FamilyAssistant.Operator.Api.Conditions;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Builds the list of conditions; the time of a condition changes only when its status does.</summary>
internal sealed class ConditionSet(IReadOnlyList<Condition> previous, long generation, DateTimeOffset now)
{
    private const int MessageLimit = 4096;
    private readonly List<Condition> _conditions = [];

    /// <summary>Adds one condition.</summary>
    public void Add(string type, string status, string reason, string message)
    {
        var before = previous.FirstOrDefault(condition => condition.Type == type);
        _conditions.Add(new Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message.Length <= MessageLimit ? message : message[..MessageLimit],
            ObservedGeneration = generation,
            LastTransitionTime = before?.Status == status
                ? before.LastTransitionTime
                : now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Takes over a condition that nobody looked at: it goes on speaking of the generation that it was about.</summary>
    public void Keep(Condition before) => _conditions.Add(before);

    /// <summary>The conditions in the order in which they were added.</summary>
    public IReadOnlyList<Condition> ToList() => _conditions;
}
