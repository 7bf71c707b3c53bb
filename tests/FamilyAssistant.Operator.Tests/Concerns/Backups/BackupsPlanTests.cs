using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupsPlanTests
{
    private const string Text = "0 2 * * * Etc/UTC";
    private static readonly BackupSchedule Daily = BackupScheduleTests.Of("0 2 * * *");
    private static readonly TickRecord Since20 = new(Text, At("2026-11-20T12:00Z"), null, null);

    [Fact]
    public void A_new_schedule_begins_now_and_catches_nothing_up()
    {
        var plan = Decide(TickRecord.Empty, "2026-11-26T12:00:00.7Z");

        plan.Due.ShouldBeNull();
        plan.Record.ShouldBe(new TickRecord(Text, At("2026-11-26T12:00:00Z"), null, null));
        plan.Next.ShouldBe(At("2026-11-27T02:00Z"));
    }

    [Fact]
    public void Another_schedule_or_zone_begins_anew_and_keeps_what_was_missed()
    {
        var missed = new MissedTicks { Count = 3, Last = "2026-11-22T02:00:00Z" };

        var plan = Decide(new TickRecord("0 1 * * * Etc/UTC", At("2026-11-20T12:00Z"), At("2026-11-24T01:00Z"), missed), "2026-11-26T12:00Z");

        plan.Due.ShouldBeNull();
        plan.Record.ShouldBe(new TickRecord(Text, At("2026-11-26T12:00Z"), At("2026-11-24T01:00Z"), missed));
    }

    [Theory]
    [InlineData("2026-11-21T01:59:59Z", null)]
    [InlineData("2026-11-21T02:00:00Z", "2026-11-21T02:00Z")]
    [InlineData("2026-11-21T18:00:00Z", "2026-11-21T02:00Z")]
    public void A_tick_is_due_from_its_minute_on(string now, string? due) => Decide(Since20, now).Due.ShouldBe(due is null ? null : At(due));

    [Fact]
    public void A_tick_is_made_once()
    {
        Decide(Since20 with { Last = At("2026-11-21T02:00Z") }, "2026-11-21T02:00:01Z").Due.ShouldBeNull("recorded");

        var adopted = Decide(Since20, "2026-11-21T02:00:01Z", Made("2026-11-21T02:00Z"));
        adopted.Due.ShouldBeNull("made, and the record was lost");
        adopted.Record.Last.ShouldBe(At("2026-11-21T02:00Z"));
        adopted.Record.Missed.ShouldBeNull();
    }

    [Fact]
    public void After_a_while_without_an_operator_the_latest_is_made_and_the_others_are_recorded()
    {
        var plan = Decide(Since20 with { Last = At("2026-11-21T02:00Z") }, "2026-11-26T03:00Z");

        (plan.Due, plan.Missed, plan.LastMissed).ShouldBe((At("2026-11-26T02:00Z"), 4, At("2026-11-25T02:00Z")));
        plan.Done!.ShouldBe(Since20 with { Last = At("2026-11-26T02:00Z"), Missed = new MissedTicks { Count = 4, Last = "2026-11-25T02:00:00Z" } });
        plan.Record.Missed.ShouldBeNull("not before the backup exists");
        plan.GivenUp!.Missed.ShouldBe(new MissedTicks { Count = 5, Last = "2026-11-26T02:00:00Z" });
    }

    [Fact]
    public void What_exists_was_not_missed()
    {
        var plan = Decide(Since20, "2026-11-24T03:00Z", Made("2026-11-21T02:00Z"), Made("2026-11-23T02:00Z"));

        (plan.Due, plan.Missed, plan.LastMissed).ShouldBe((At("2026-11-24T02:00Z"), 1, At("2026-11-22T02:00Z")));
    }

    [Fact]
    public void A_gap_of_years_is_not_counted_to_its_end() => Decide(Since20 with { Since = At("2015-01-01T00:00Z") }, "2026-11-26T03:00Z").Missed.ShouldBe(1000);

    [Fact]
    public void While_a_scheduled_backup_runs_the_tick_waits_and_becomes_one_catch_up()
    {
        var running = Made("2026-11-21T02:00Z") with { Phase = "Running", Finished = null };
        var record = Since20 with { Last = At("2026-11-21T02:00Z") };

        var waits = Decide(record, "2026-11-23T02:30Z", running);
        (waits.Waits, waits.Due, waits.Missed, waits.Record).ShouldBe((true, null, 0, record));

        var after = Decide(record, "2026-11-23T02:30Z", Made("2026-11-21T02:00Z"));
        (after.Due, after.Missed).ShouldBe((At("2026-11-23T02:00Z"), 1));
    }

    [Fact]
    public void What_somebody_asked_for_by_hand_holds_nothing_up() =>
        Decide(Since20, "2026-11-21T02:00Z", Made("2026-11-20T02:00Z") with { Origin = null, Phase = "Running" }).Due.ShouldBe(At("2026-11-21T02:00Z"));

    [Fact]
    public void A_clock_that_is_set_back_a_little_waits_for_the_tick_that_it_has_seen()
    {
        var plan = Decide(Since20 with { Last = At("2026-11-21T02:00Z") }, "2026-11-21T01:30Z", Made("2026-11-21T02:00Z"));

        plan.Due.ShouldBeNull();
        plan.Record.Last.ShouldBe(At("2026-11-21T02:00Z"));
    }

    [Fact]
    public void A_clock_that_is_set_back_by_years_does_not_stop_the_schedule()
    {
        var before = new TickRecord(Text, At("2036-01-01T00:00Z"), At("2036-01-05T02:00Z"), null);

        var plan = Decide(before, "2026-11-21T12:00Z");
        (plan.Due, plan.Record.Since, plan.Record.Last).ShouldBe((null, At("2026-11-21T12:00Z"), At("2026-11-21T02:00Z")));
        Decide(plan.Record, "2026-11-22T02:00Z").Due.ShouldBe(At("2026-11-22T02:00Z"));
    }

    [Fact]
    public void Without_a_schedule_nothing_is_recorded_and_with_a_broken_one_nothing_is_forgotten()
    {
        BackupsPlan.Decide(null, null, Since20, [], At("2026-11-26T12:00Z")).Record.ShouldBe(TickRecord.Empty);
        BackupsPlan.Decide(null, "61 2 * * * Etc/UTC", Since20, [], At("2026-11-26T12:00Z")).Record.ShouldBe(Since20);
    }

    internal static BackupFacts Made(string tick) => new()
    {
        Name = ObjectNames.ScheduledBackup("fa", At(tick)),
        Created = At(tick),
        Origin = WireNames.BackupOfSchedule,
        Tick = At(tick),
        Phase = "Completed",
        Finished = At(tick).AddMinutes(5),
    };

    private static BackupsPlan Decide(TickRecord before, string now, params BackupFacts[] backups) => BackupsPlan.Decide(Daily, Text, before, backups, At(now));

    private static DateTimeOffset At(string text) => BackupScheduleTests.At(text);
}
