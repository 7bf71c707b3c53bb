using System.Diagnostics;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// What a conflict with a poller that this operator does not run means. The claim is held and nothing that the operator could stop would end it, so the instance goes on, and so do its
/// rollouts. Pure.
/// </summary>
internal static class ConflictVerdict
{
    private const int LongestQuote = 256;
    private const int MostNames = 3;

    /// <summary>Whether a condition speaks of a conflict.</summary>
    public static bool IsConflict(Condition? condition) => condition?.Reason is TelegramReasons.Conflict or TelegramReasons.ConflictInCluster or TelegramReasons.ConflictOutside;

    /// <summary>The outcome.</summary>
    /// <param name="conflict">What is known.</param>
    /// <param name="before">The condition as it was told before.</param>
    /// <param name="botId">Public id of the bot.</param>
    /// <param name="namespace">Namespace of the instance.</param>
    /// <param name="showsAll">Whether pods of other namespaces are named.</param>
    /// <param name="redaction">What must not be quoted.</param>
    public static StepOutcome.Degraded Of(PollingConflict conflict, Condition? before, string botId, string @namespace, bool showsAll, Redaction redaction)
    {
        if (conflict is { Evidence.Length: 0, Suspects: SuspectedPollers.Unknown } && IsConflict(before))
        {
            // A process that has just started knows no more than that: what the one before found out stands until it has looked itself.
            return new StepOutcome.Degraded(before!.Reason, before.Message);
        }

        var (reason, where) = Where(conflict.Suspects, @namespace, showsAll);
        var quote = redaction.Quote(conflict.Evidence, LongestQuote);
        return new StepOutcome.Degraded(reason, $"Something else polls bot {botId} as well, and messages get lost. {where}{(quote.Length == 0 ? "" : $" The application says: \"{quote}\"")}");
    }

    private static (string Reason, string Where) Where(SuspectedPollers suspects, string @namespace, bool showsAll) => suspects switch
    {
        SuspectedPollers.Unknown => (TelegramReasons.Conflict, "Where it runs could not be looked for yet; that is tried again. End it, or give this instance a bot of its own."),
        SuspectedPollers.None(var whole) => (
            TelegramReasons.ConflictOutside,
            $"{(whole ? "No other pod of this cluster looks like Family Assistant, so it runs outside this cluster" : "No other pod of the namespaces that this operator watches looks like Family Assistant")}."
            + $" End it there. If nobody knows where, have BotFather revoke the token, and enter the new one as {AppContract.BotToken} in the Secret of spec.secretRef."),
        SuspectedPollers.Found(var pods) => (TelegramReasons.ConflictInCluster, InCluster(pods, @namespace, showsAll)),
        _ => throw new UnreachableException(),
    };

    private static string InCluster(IReadOnlyList<SuspectedPoller> pods, string @namespace, bool showsAll)
    {
        List<SuspectedPoller> named = [.. pods.Where(pod => showsAll || pod.Pod.Namespace == @namespace).OrderBy(pod => pod.Pod.Namespace != @namespace)];
        if (named.Count == 0)
        {
            return "A pod in another namespace of this cluster looks like Family Assistant, is not run by this operator and may be it; the operator's log names it for whoever administers the cluster."
                + " Have it stopped, or give this instance a bot of its own.";
        }

        var names = string.Join(", ", named.Take(MostNames).Select(Name));
        var more = named.Count > MostNames ? $" and {named.Count - MostNames} more" : "";
        return named.Count == 1
            ? $"{names} looks like Family Assistant and is not run by this operator. Scale it to 0, or give one of the two a bot of its own."
            : $"These look like Family Assistant and are not run by this operator: {names}{more}. Scale to 0 what has this bot, or give it a bot of its own.";
    }

    private static string Name(SuspectedPoller poller) => poller.ControllerName is null
        ? $"Pod {poller.Pod.Name} in namespace {poller.Pod.Namespace}"
        : $"Pod {poller.Pod.Name} of {poller.ControllerKind} {poller.ControllerName} in namespace {poller.Pod.Namespace}";
}
