using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>The claim keeps every instance of this operator from polling twice. What nobody here started can only be told of.</summary>
internal sealed partial class TelegramStep
{
    /// <summary>The conflict that is known, as an outcome; null when there is none. Its begin and its end are told once each.</summary>
    private StepOutcome.Degraded? ConflictOf(InstancePass pass, string botId)
    {
        if (pass.Spec.Replicas == 0)
        {
            // Nothing of this instance polls, so nothing is in conflict.
            return null;
        }

        var before = pass.Instance.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Condition);
        var told = ConflictVerdict.IsConflict(before);
        if (conflicts.Observe(pass.Source.Key, told) is not { } conflict)
        {
            if (told)
            {
                events.Record(pass.Source, EventSeverity.Normal, EventReasons.TelegramConflictOver, "Observe", $"Nothing else polls bot {botId} any more.");
            }

            return null;
        }

        var verdict = ConflictVerdict.Of(conflict, before, botId, pass.Namespace, options.ShowClaimHolders, Redaction.Of(pass));
        if (!told)
        {
            events.Record(pass.Source, EventSeverity.Warning, EventReasons.TelegramConflict, "Observe", verdict.Message);
        }

        return verdict;
    }
}
