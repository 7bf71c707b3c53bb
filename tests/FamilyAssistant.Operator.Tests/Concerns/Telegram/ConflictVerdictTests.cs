using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

public sealed class ConflictVerdictTests
{
    private const string Bot = "123456";
    private const string Canary = "hunter2-canary";
    private static readonly SuspectedPoller Here = new(new ObjectKey("home", "family-assistant-5d8f7c9b6-x"), "Deployment", "family-assistant");
    private static readonly SuspectedPoller There = new(new ObjectKey("elsewhere", "bot"), null, null);

    [Fact]
    public void A_poller_in_the_instance_s_namespace_is_named_with_its_controller()
    {
        var outcome = Of(new SuspectedPollers.Found([Here]));
        outcome.Reason.ShouldBe(TelegramReasons.ConflictInCluster);
        outcome.Message.ShouldContain("bot 123456");
        outcome.Message.ShouldContain("Pod family-assistant-5d8f7c9b6-x of Deployment family-assistant in namespace home");
        outcome.Message.ShouldContain("Scale it to 0");
    }

    [Fact]
    public void One_in_another_namespace_is_named_only_where_that_is_allowed()
    {
        var hidden = Of(new SuspectedPollers.Found([There]));
        hidden.Reason.ShouldBe(TelegramReasons.ConflictInCluster);
        hidden.Message.ShouldContain("in another namespace of this cluster");
        hidden.Message.ShouldContain("the operator's log names it");
        hidden.Message.ShouldNotContain("elsewhere");
        Of(new SuspectedPollers.Found([There]), showsAll: true).Message.ShouldContain("Pod bot in namespace elsewhere");
    }

    [Fact]
    public void One_of_the_same_namespace_stands_before_those_of_others_and_hides_that_there_are_any()
    {
        var own = Of(new SuspectedPollers.Found([There, Here])).Message;
        own.ShouldContain("Deployment family-assistant");
        own.ShouldNotContain("elsewhere");
        var all = Of(new SuspectedPollers.Found([There, Here]), showsAll: true).Message;
        all.IndexOf("namespace home", StringComparison.Ordinal).ShouldBeLessThan(all.IndexOf("namespace elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public void No_more_than_three_are_named()
    {
        var many = Enumerable.Range(0, 10).Select(index => new SuspectedPoller(new ObjectKey("home", $"pod-{index}"), null, null)).ToList();
        Of(new SuspectedPollers.Found(many)).Message.ShouldContain("pod-2 in namespace home and 7 more");
    }

    [Theory]
    [InlineData(true, "it runs outside this cluster")]
    [InlineData(false, "No other pod of the namespaces that this operator watches")]
    public void Nowhere_is_said_of_what_was_looked_at(bool wholeCluster, string says)
    {
        var outcome = Of(new SuspectedPollers.None(wholeCluster));
        outcome.Reason.ShouldBe(TelegramReasons.ConflictOutside);
        outcome.Message.ShouldContain(says);
        outcome.Message.ShouldContain("TELEGRAM_BOT_TOKEN in the Secret of spec.secretRef");
    }

    [Fact]
    public void A_search_that_failed_is_no_proof_that_it_is_outside() => Of(new SuspectedPollers.Unknown()).Reason.ShouldBe(TelegramReasons.Conflict);

    [Fact]
    public void A_process_that_has_just_started_repeats_what_was_told_until_it_knows_more()
    {
        var before = Condition(TelegramReasons.ConflictInCluster, "Pod x of Deployment y.");
        var unknown = new PollingConflict("", new SuspectedPollers.Unknown());
        (Verdict(unknown, before).Reason, Verdict(unknown, before).Message).ShouldBe((before.Reason, before.Message));
        Verdict(unknown with { Evidence = "telegram.error.Conflict" }, before).Message.ShouldNotBe(before.Message);
        Verdict(unknown with { Suspects = new SuspectedPollers.None(true) }, before).Reason.ShouldBe(TelegramReasons.ConflictOutside);
        Verdict(unknown, Condition(TelegramReasons.ClaimHeld, "claimed")).Reason.ShouldBe(TelegramReasons.Conflict);
    }

    [Theory]
    [InlineData($"telegram.error.Conflict: of {Canary}")]
    [InlineData("telegram.error.Conflict: https://api.telegram.org/bot123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI/getUpdates")]
    [InlineData("telegram.error.Conflict: \u001b[2J\u202E and more\nlines")]
    public void The_application_s_words_are_quoted_without_secrets_and_on_one_line(string evidence)
    {
        var message = Of(new SuspectedPollers.None(true), evidence: evidence).Message;
        message.ShouldContain("telegram.error.Conflict");
        message.ShouldNotContain(Canary);
        message.ShouldNotContain("abcdefghijklmnopqrstuvwxyz");
        message.ShouldNotContain("\u001b");
        message.ShouldNotContain("\u202E");
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void Long_words_are_cut() => Of(new SuspectedPollers.None(true), evidence: new string('x', 4096)).Message.Length.ShouldBeLessThan(800);

    private static StepOutcome.Degraded Of(SuspectedPollers suspects, bool showsAll = false, string evidence = "") =>
        Verdict(new PollingConflict(evidence, suspects), before: null, showsAll);

    private static StepOutcome.Degraded Verdict(PollingConflict conflict, Condition? before, bool showsAll = false) =>
        ConflictVerdict.Of(conflict, before, Bot, "home", showsAll, new Redaction([Canary]));

    private static Condition Condition(string reason, string message) => new()
    {
        Type = ConditionTypes.TelegramExclusive, Status = "False", Reason = reason, Message = message, ObservedGeneration = 1, LastTransitionTime = "2026-11-23T12:00:00Z",
    };
}
