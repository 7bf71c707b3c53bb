using FamilyAssistant.Operator.Concerns.Health;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Health;

public sealed class HealthVerdictTests
{
    private const string Canary = "hunter2-canary";

    /// <summary>Every row of the table of health states, and what an application of another version might add: status, reason, reason of the condition.</summary>
    public static TheoryData<string, string, string> States => new()
    {
        { "ok", "Telegram polling active", HealthReasons.Polling },
        { "healthy", "Web service running (Telegram disabled)", HealthReasons.WebOnly },
        { "initializing", "Telegram service initializing", HealthReasons.Initializing },
        { "unhealthy", "Telegram polling stopped", HealthReasons.PollingStopped },
        { "unhealthy", "Telegram polling stopped due to Conflict error: terminated by other getUpdates request", HealthReasons.TelegramConflict },
        { "unhealthy", "Telegram service initialization error", HealthReasons.TelegramInitializationFailed },
        { "unhealthy", "Telegram service initialization error: InvalidToken", HealthReasons.TelegramInitializationFailed },
        { "unhealthy", "Out of memory", HealthReasons.Unhealthy },
        { "unhealthy", "", HealthReasons.Unhealthy },
        { "degraded", "half", HealthReasons.NoAnswer },
        { "OK", "Telegram polling active", HealthReasons.NoAnswer },
        { "", "no answer within 5 s", HealthReasons.NoAnswer },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_of_the_application_has_its_reason(string status, string reason, string expected)
    {
        var outcome = Of(new HealthObservation(status, reason));
        outcome.Reason.ShouldBe(expected);
        outcome.Message.ShouldContain(status is "degraded" or "OK" ? status : reason);
    }

    [Theory]
    [InlineData("ok", typeof(StepOutcome.Settled))]
    [InlineData("healthy", typeof(StepOutcome.Settled))]
    [InlineData("initializing", typeof(StepOutcome.Progressing))]
    [InlineData("unhealthy", typeof(StepOutcome.Blocked))]
    [InlineData("degraded", typeof(StepOutcome.Progressing))]
    [InlineData("", typeof(StepOutcome.Progressing))]
    public void Only_an_application_that_says_that_it_is_well_is_well(string status, Type expected) =>
        Of(new HealthObservation(status, "why")).GetType().ShouldBe(expected);

    [Fact]
    public void Nothing_that_the_application_says_asks_for_another_spec() => States
        .Select(row => Of(new HealthObservation(row.Data.Item1, row.Data.Item2)))
        .OfType<StepOutcome.Blocked>()
        .ShouldAllBe(outcome => !outcome.NeedsSpecChange);

    [Fact]
    public void A_pod_that_was_not_asked_yet_is_still_starting() =>
        Of((HealthObservation?)null).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(HealthReasons.Initializing);

    [Fact]
    public void A_pod_without_words_gets_a_sentence_without_a_quote() =>
        Of(new HealthObservation("ok", "")).Message.ShouldBe("The application is well.");

    /// <summary>From the best to the worst: each one decides over all before it, wherever it stands.</summary>
    [Fact]
    public void The_worst_pod_decides()
    {
        HealthObservation?[] worse =
        [
            new("ok", ""), new("initializing", ""), new("", "refused"), new("unhealthy", "Telegram polling stopped"),
        ];
        string[] reasons = [HealthReasons.Polling, HealthReasons.Initializing, HealthReasons.NoAnswer, HealthReasons.PollingStopped];
        for (var worst = 0; worst < worse.Length; worst++)
        {
            Of([.. worse.Take(worst + 1)]).Reason.ShouldBe(reasons[worst]);
            Of([.. worse.Take(worst + 1).Reverse()]).Reason.ShouldBe(reasons[worst]);
        }
    }

    [Theory]
    [InlineData("unhealthy", $"cannot log in with {Canary} to the database")]
    [InlineData("ok", Canary)]
    [InlineData("", Canary)]
    [InlineData(Canary, "")]
    public void A_secret_that_the_application_quotes_is_not_passed_on(string status, string reason)
    {
        var outcome = Of(new HealthObservation(status, reason));
        outcome.Message.ShouldNotContain(Canary);
        outcome.Message.ShouldContain(Redaction.Mark);
    }

    [Fact]
    public void A_secret_that_begins_where_the_quote_is_cut_is_not_passed_on_in_part() =>
        Of(new HealthObservation("unhealthy", new string('x', 250) + Canary)).Message.ShouldNotContain("hunter");

    [Fact]
    public void A_long_reason_is_cut_and_stays_on_one_line()
    {
        var message = Of(new HealthObservation("unhealthy", "first\nsecond\r\n" + new string('x', 4000))).Message;
        message.Length.ShouldBeLessThan(400);
        message.ShouldContain("first second");
        message.ShouldContain("…");
    }

    /// <summary>What an older application says between two of its ends, and a newer one all the time, does not hide a conflict; a fault of another kind is told.</summary>
    [Theory]
    [InlineData("ok", "Telegram polling active", HealthReasons.TelegramConflict)]
    [InlineData("healthy", "", HealthReasons.TelegramConflict)]
    [InlineData("initializing", "Telegram service initializing", HealthReasons.TelegramConflict)]
    [InlineData("", "the connection is refused", HealthReasons.TelegramConflict)]
    [InlineData("unhealthy", "Telegram polling stopped", HealthReasons.TelegramConflict)]
    [InlineData("unhealthy", "Telegram polling stopped due to Conflict error: again", HealthReasons.TelegramConflict)]
    [InlineData("unhealthy", "Telegram service initialization error", HealthReasons.TelegramInitializationFailed)]
    [InlineData("unhealthy", "the disk is full", HealthReasons.Unhealthy)]
    public void A_known_conflict_stands_for_what_goes_with_it(string status, string reason, string expected)
    {
        var conflict = new PollingConflict($"telegram.error.Conflict: {Canary}", new SuspectedPollers.None(true));
        var outcome = HealthVerdict.Of([new HealthObservation(status, reason)], conflict, new Redaction([Canary]));
        outcome.ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(expected);
        outcome.Message.ShouldNotContain(Canary);
    }

    [Fact]
    public void Without_a_container_a_known_conflict_is_why_and_else_nothing_runs()
    {
        HealthVerdict.Of([], new PollingConflict("", new SuspectedPollers.Unknown()), new Redaction([])).Reason.ShouldBe(HealthReasons.TelegramConflict);
        HealthVerdict.Of([], conflict: null, new Redaction([])).Reason.ShouldBe(HealthReasons.NotRunning);
    }

    private static StepOutcome Of(params HealthObservation?[] answers) => HealthVerdict.Of(answers, conflict: null, new Redaction([Canary]));
}
