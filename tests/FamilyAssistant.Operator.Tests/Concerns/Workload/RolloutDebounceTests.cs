using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class RolloutDebounceTests
{
    private static readonly ObjectKey Key = new("home", "fa");
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly RolloutDebounce _debounce = new();

    [Fact]
    public void A_first_start_and_an_unchanged_configuration_do_not_wait()
    {
        _debounce.Remaining(Key, null, "a", Start).ShouldBe(TimeSpan.Zero);
        _debounce.Remaining(Key, "a", "a", Start).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_change_waits_until_nothing_changes_any_more()
    {
        _debounce.Remaining(Key, "a", "b", Start).ShouldBe(RolloutDebounce.Quiet);
        _debounce.Remaining(Key, "a", "c", Start + RolloutDebounce.Quiet / 2).ShouldBe(RolloutDebounce.Quiet);
        _debounce.Remaining(Key, "a", "c", Start + RolloutDebounce.Quiet).ShouldBe(RolloutDebounce.Quiet / 2);
        _debounce.Remaining(Key, "a", "c", Start + RolloutDebounce.Quiet * 2).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_clock_that_jumps_back_does_not_hold_a_change_for_ever()
    {
        _debounce.Remaining(Key, "a", "b", Start);
        _debounce.Remaining(Key, "a", "b", Start - TimeSpan.FromDays(1)).ShouldBe(TimeSpan.Zero);
    }
}
