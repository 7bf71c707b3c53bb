using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>What the step makes of a conflict that the monitor knows.</summary>
public sealed class ConflictStepTests
{
    private readonly TelegramWorld _world = new();

    [Fact]
    public async Task A_conflict_leaves_the_gate_open_and_what_runs_alone_and_is_told_once()
    {
        await HoldAsync();
        Conflict();
        _world.Cluster.Requests.Clear();

        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Degraded>();

        outcome.Reason.ShouldBe(TelegramReasons.ConflictOutside);
        outcome.StopsBecause.ShouldBeNull();
        outcome.CheckAfter.ShouldBeNull();
        _world.Cluster.Requests.ShouldBeEmpty();
        Told().ShouldBe([EventReasons.TelegramConflict]);

        SetStatus(outcome.Reason);
        await _world.RunAsync();
        Told().Count.ShouldBe(1);
        _world.World.Conflicts.Calls[^1].ShouldBe("observe home/fa told", "a process that has just started has to know");
    }

    [Fact]
    public async Task Its_end_is_told_once()
    {
        await HoldAsync();
        SetStatus(TelegramReasons.ConflictInCluster);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(TelegramReasons.ClaimHeld);
        Told().ShouldBe([EventReasons.TelegramConflictOver]);
        SetStatus(TelegramReasons.ClaimHeld);
        await _world.RunAsync();
        Told().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stopped_instance_is_in_no_conflict()
    {
        await HoldAsync();
        Conflict();
        SetStatus(TelegramReasons.ConflictOutside);
        _world.World.EditSpec(("replicas", "0"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_known_goes_with_the_token_that_it_was_about()
    {
        await HoldAsync();
        _world.End();
        _world.SetSecret(("TELEGRAM_BOT_TOKEN", TelegramWorld.OtherBot));
        await _world.RunAsync();
        _world.World.Conflicts.Calls.ShouldContain("renew home/fa");
    }

    [Fact]
    public async Task The_token_is_not_quoted()
    {
        await HoldAsync();
        _world.World.Conflicts.Known = new PollingConflict($"telegram.error.Conflict: bot{TelegramWorld.Token} {TelegramWorld.Token.Split(':')[1]}", new SuspectedPollers.None(true));
        (await _world.RunAsync()).Message.ShouldNotContain(TelegramWorld.Token.Split(':')[1]);
        _world.World.Events.Recorded.ShouldAllBe(e => !e.Note.Contains(TelegramWorld.Token.Split(':')[1], StringComparison.Ordinal));
    }

    private List<string> Told() => [.. _world.World.Events.Reasons.Where(reason => reason.StartsWith("TelegramConflict", StringComparison.Ordinal))];

    private void Conflict() => _world.World.Conflicts.Known = new PollingConflict("telegram.error.Conflict: x", new SuspectedPollers.None(true));

    private async Task HoldAsync()
    {
        await _world.RunAsync();
        _world.Run();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(TelegramReasons.ClaimHeld);
    }

    private void SetStatus(string reason) => _world.Cluster.Edit(
        Kinds.Instance,
        InstanceWorld.Key("fa"),
        $$"""{"status": {"conditions": [{"type": "TelegramExclusive", "status": "False", "reason": "{{reason}}", "message": "", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T12:00:00Z"}]} }""");
}
