using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class ConditionSetTests
{
    private static readonly Condition Earlier = new()
    {
        Type = "StorageReady",
        Status = "True",
        Reason = "Bound",
        Message = "Bound.",
        ObservedGeneration = 1,
        LastTransitionTime = "2025-01-01T00:00:00Z",
    };

    [Fact]
    public void The_time_stays_while_the_status_does_although_reason_and_message_change() =>
        Add("StorageReady", "True", "Resized", "Larger.").LastTransitionTime.ShouldBe("2025-01-01T00:00:00Z");

    [Fact]
    public void The_time_moves_with_the_status() =>
        Add("StorageReady", "False", "Lost", "Lost.").LastTransitionTime.ShouldBe("2026-02-22T12:00:00Z");

    [Fact]
    public void The_time_of_a_new_condition_is_that_of_the_pass() =>
        Add("DatabaseReady", "True", "Bound", "Bound.").LastTransitionTime.ShouldBe("2026-02-22T12:00:00Z");

    [Fact]
    public void Times_are_utc_with_whole_seconds_whatever_the_clock_says()
    {
        var offset = new DateTimeOffset(2026, 2, 22, 23, 0, 0, 750, TimeSpan.FromHours(11));
        var conditions = new ConditionSet([], 1, offset);
        conditions.Add("A", "True", "B", "C");
        conditions.ToList().Single().LastTransitionTime.ShouldBe("2026-02-22T12:00:00Z");
    }

    [Fact]
    public void The_generation_is_that_of_the_pass_also_for_an_unchanged_condition() =>
        Add("StorageReady", "True", "Bound", "Bound.").ObservedGeneration.ShouldBe(7);

    [Fact]
    public void A_message_is_cut_before_it_could_make_the_object_too_large() =>
        Add("StorageReady", "False", "Lost", new string('x', 100_000)).Message.Length.ShouldBe(4096);

    [Fact]
    public void Conditions_keep_the_order_in_which_they_were_added()
    {
        var conditions = new ConditionSet([Earlier], 1, Make.Noon);
        conditions.Add("B", "True", "R", "");
        conditions.Add("StorageReady", "True", "R", "");
        conditions.Add("A", "True", "R", "");
        conditions.ToList().Select(condition => condition.Type).ShouldBe(["B", "StorageReady", "A"]);
    }

    private static Condition Add(string type, string status, string reason, string message)
    {
        var conditions = new ConditionSet([Earlier], 7, Make.Noon);
        conditions.Add(type, status, reason, message);
        return conditions.ToList().Single();
    }
}
