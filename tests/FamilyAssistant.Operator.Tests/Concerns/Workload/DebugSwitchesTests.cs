using CsCheck;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>On until a time, then off for good, whatever the clock does.</summary>
public sealed class DebugSwitchesTests
{
    private const string Written = "2026-11-24T18:00:00Z";
    private static readonly DateTimeOffset End = new(2026, 11, 24, 18, 0, 0, TimeSpan.Zero);
    private static readonly DebugSpec Both = new() { LlmMessages = true, Litellm = true, ExpiresAt = Written };

    [Fact]
    public void Nothing_asked_for_is_off()
    {
        DebugSwitches.Of(null, ended: null, End).ShouldBe(DebugSwitches.Off);
        DebugSwitches.Of(null, ended: Written, End).ShouldBe(DebugSwitches.Off);
        DebugSwitches.Off.LookAgain(End).ShouldBeNull();
        DebugSwitches.Off.Note(runs: false).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Before_the_time_exactly_what_is_asked_for_is_on(bool messages, bool litellm)
    {
        var switches = DebugSwitches.Of(Both with { LlmMessages = messages, Litellm = litellm }, ended: null, End.AddTicks(-1));
        switches.ShouldBe(new DebugSwitches(messages, litellm, End, Ended: null));
        switches.Note(runs: true).ShouldBe(" Debug output is on until 2026-11-24T18:00:00Z: the log holds private messages.");
    }

    [Fact]
    public void From_the_time_on_it_is_off() => DebugSwitches.Of(Both, ended: null, End).ShouldBe(DebugSwitches.Off with { Ended = Written });

    [Fact]
    public void What_was_reached_stays_reached_when_the_clock_is_set_back()
    {
        DebugSwitches.Of(Both, ended: Written, End.AddDays(-1)).ShouldBe(DebugSwitches.Off with { Ended = Written });
        DebugSwitches.Of(Both with { ExpiresAt = "2026-11-24T20:00:00Z" }, ended: Written, End.AddDays(-1)).Until.ShouldBe(End.AddHours(2));
    }

    [Theory]
    [InlineData("2026-11-24T19:30:00.5+01:30")]
    [InlineData("2026-11-24T18:00:00.5Z")]
    public void Zones_and_fractions_are_understood(string written) => DebugSwitches.Of(Both with { ExpiresAt = written }, null, End).Until.ShouldBe(End.AddSeconds(0.5));

    [Fact]
    public void What_is_no_time_is_off() => DebugSwitches.Of(Both with { ExpiresAt = "2026-02-30T18:00:00Z" }, null, End).Until.ShouldBeNull();

    [Fact]
    public void The_clock_is_looked_at_again_at_the_time_and_at_least_every_minute()
    {
        DebugSwitches.Of(Both, null, End.AddHours(-5)).LookAgain(End.AddHours(-5)).ShouldBe(TimeSpan.FromMinutes(1));
        DebugSwitches.Of(Both, null, End.AddSeconds(-20)).LookAgain(End.AddSeconds(-20)).ShouldBe(TimeSpan.FromSeconds(20));
        DebugSwitches.Of(Both, null, End.AddTicks(-1)).LookAgain(End.AddTicks(-1)).ShouldBe(TimeSpan.FromSeconds(1));
        DebugSwitches.Of(Both, null, End).LookAgain(End).ShouldBeNull();
    }

    /// <summary>The template changes at most once after it was on, in any sequence of looks with any clock.</summary>
    [Fact]
    public void With_any_clock_it_goes_off_once_and_stays_off() => Gen.Int[-100, 100].Array[1, 30].Sample(seconds =>
    {
        string? ended = null;
        var changes = 0;
        var was = true;
        foreach (var second in seconds)
        {
            var now = DebugSwitches.Of(Both, ended, End.AddSeconds(second));
            ended = now.Ended;
            changes += now.LlmMessages == was ? 0 : 1;
            was = now.LlmMessages;
        }

        changes.ShouldBe(seconds.Any(second => second >= 0) ? 1 : 0);
    });
}
