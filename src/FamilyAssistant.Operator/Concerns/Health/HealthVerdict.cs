using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>What the application's answers mean. The body counts: while the bot initialises, the application answers 200. Pure.</summary>
internal static class HealthVerdict
{
    private const int LongestQuote = 256;

    private const string Conflict = "Another process polls Telegram with the same bot: stop it, or give this instance a bot of its own";

    /// <summary>
    /// The outcome for all pods: the worst one decides. A conflict that is known stands for whatever goes with it: newer versions of the application poll on and answer that they are well,
    /// older ones end and start again.
    /// </summary>
    /// <param name="answers">Of the pods whose container runs; null where none came yet.</param>
    /// <param name="conflict">The conflict that is known.</param>
    /// <param name="redaction">What must not be quoted.</param>
    public static StepOutcome Of(IReadOnlyList<HealthObservation?> answers, PollingConflict? conflict, Redaction redaction)
    {
        var worst = answers.Select(answer => Of(answer, redaction)).MaxBy(Severity) ?? new StepOutcome.Progressing(HealthReasons.NotRunning, "No container of the application runs.");
        return conflict is null || worst.Reason is HealthReasons.TelegramConflict or HealthReasons.TelegramInitializationFailed or HealthReasons.Unhealthy
            ? worst
            : new StepOutcome.Blocked(HealthReasons.TelegramConflict, Sentence(Conflict, redaction.Quote(conflict.Evidence, LongestQuote)));
    }

    private static StepOutcome Of(HealthObservation? answer, Redaction redaction)
    {
        if (answer is null)
        {
            return new StepOutcome.Progressing(HealthReasons.Initializing, "The application was not asked yet.");
        }

        var quote = redaction.Quote(answer.Reason, LongestQuote);
        return answer.Status switch
        {
            "ok" => new StepOutcome.Settled(HealthReasons.Polling, Sentence("The application is well", quote)),
            "healthy" => new StepOutcome.Settled(HealthReasons.WebOnly, Sentence("The application is well", quote)),
            "initializing" => new StepOutcome.Progressing(HealthReasons.Initializing, Sentence("The application is starting", quote)),
            "unhealthy" => Unhealthy(answer.Reason, quote),
            "" => new StepOutcome.Progressing(HealthReasons.NoAnswer, $"The application does not answer on /health: {quote}."),
            _ => new StepOutcome.Progressing(HealthReasons.NoAnswer, $"The application answers on /health with an unknown status: \"{redaction.Quote(answer.Status, 32)}\"."),
        };
    }

    /// <summary>None of these mends itself, but all end with a restart or an edit that is watched, so none waits for the spec.</summary>
    private static StepOutcome.Blocked Unhealthy(string reason, string quote) => reason switch
    {
        _ when reason.Contains("Conflict", StringComparison.OrdinalIgnoreCase) => new(
            HealthReasons.TelegramConflict,
            Sentence(Conflict, quote)),
        _ when reason.StartsWith("Telegram polling stopped", StringComparison.OrdinalIgnoreCase) => new(
            HealthReasons.PollingStopped,
            Sentence("The bot stopped polling and does not begin again by itself; the liveness probe restarts it", quote)),
        _ when reason.StartsWith("Telegram service initialization error", StringComparison.OrdinalIgnoreCase) => new(
            HealthReasons.TelegramInitializationFailed,
            Sentence($"The bot cannot start: check {AppContract.BotToken} in the Secret of spec.secretRef", quote)),
        _ => new(HealthReasons.Unhealthy, Sentence("The application says that it is not well; see its log", quote)),
    };

    private static string Sentence(string fact, string quote) => quote.Length == 0 ? fact + "." : $"{fact}. It says: \"{quote}\"";

    private static int Severity(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Settled => 0,
        StepOutcome.Progressing { Reason: HealthReasons.Initializing } => 1,
        StepOutcome.Progressing => 2,
        _ => 3,
    };
}
