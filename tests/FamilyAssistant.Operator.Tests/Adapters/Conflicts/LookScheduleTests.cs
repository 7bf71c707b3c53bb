using FamilyAssistant.Operator.Adapters.Conflicts;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class LookScheduleTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(0, false, 10)]
    [InlineData(9, false, 1)]
    [InlineData(10, false, 20)]
    [InlineData(30, false, 90)]
    [InlineData(120, false, 600)]
    [InlineData(86400, false, 600)]
    [InlineData(0, true, 10)]
    [InlineData(12, true, 18)]
    [InlineData(30, true, 30)]
    [InlineData(86400, true, 30)]
    public void Soon_after_a_start_some_looks_then_rarely_and_with_a_reason_often(int age, bool suspicious, int next) =>
        LookSchedule.Next(TimeSpan.FromSeconds(age), suspicious, Interval).ShouldBe(TimeSpan.FromSeconds(next));

    [Fact]
    public void An_interval_of_zero_ends_the_looks_without_a_reason()
    {
        LookSchedule.Next(TimeSpan.FromSeconds(30), suspicious: false, TimeSpan.Zero).ShouldBe(TimeSpan.FromSeconds(90));
        LookSchedule.Next(TimeSpan.FromMinutes(2), suspicious: false, TimeSpan.Zero).ShouldBe(Timeout.InfiniteTimeSpan);
        LookSchedule.Next(TimeSpan.FromMinutes(2), suspicious: true, TimeSpan.Zero).ShouldBe(LookSchedule.Suspicious);
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(9, false, false)]
    [InlineData(10, false, true)]
    [InlineData(0, true, true)]
    public void What_has_hardly_begun_is_not_looked_at_without_a_reason(int age, bool suspicious, bool due) =>
        LookSchedule.IsDue(TimeSpan.FromSeconds(age), suspicious).ShouldBe(due);
}
