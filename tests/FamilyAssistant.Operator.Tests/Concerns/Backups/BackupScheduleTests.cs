using CsCheck;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupScheduleTests
{
    [Theory]
    [InlineData("61 * * * *", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("* * * * * *", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("@every 1s", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("TZ=UTC 0 0 * * *", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("H 2 * * *", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("", "Etc/UTC", BackupsReasons.InvalidSchedule)]
    [InlineData("0 0 31 2 *", "Etc/UTC", BackupsReasons.ScheduleNeverFires)]
    [InlineData("0 0 30 2 *", "Australia/Sydney", BackupsReasons.ScheduleNeverFires)]
    [InlineData("* * * * *", "Etc/UTC", BackupsReasons.ScheduleTooOften)]
    [InlineData("*/14 * * * *", "Etc/UTC", BackupsReasons.ScheduleTooOften)]
    [InlineData("0,50 * * * *", "Etc/UTC", BackupsReasons.ScheduleTooOften)]
    [InlineData("0,5 3 29 2 *", "Etc/UTC", BackupsReasons.ScheduleTooOften)]
    [InlineData("1,59 0,23 31,1 * *", "Etc/UTC", BackupsReasons.ScheduleTooOften)]
    [InlineData("0 2 * * *", "Mars/Olympus", BackupsReasons.UnknownTimeZone)]
    public void What_cannot_be_followed_is_refused_with_the_field(string schedule, string zone, string reason)
    {
        BackupSchedule.TryReadBackups(new BackupPolicySpec { Schedule = schedule, TimeZone = zone }, out _, out var fault).ShouldBeFalse();
        fault!.Reason.ShouldBe(reason);
        fault.Message.ShouldStartWith(reason == BackupsReasons.UnknownTimeZone ? "spec.backup.timeZone: Mars/Olympus" : "spec.backup.schedule: ");
    }

    [Theory]
    [InlineData("*/15 * * * *")]
    [InlineData("0 2 29 2 *")]
    [InlineData("@hourly")]
    [InlineData("@midnight")]
    [InlineData("@yearly")]
    [InlineData("0 0 * * 7")]
    [InlineData("0 0 L * *")]
    [InlineData("0 3 * * MON#1")]
    public void What_cron_knows_is_followed(string schedule) => Of(schedule).Next(At("2026-11-26T12:00Z")).ShouldNotBeNull();

    [Fact]
    public void Test_restores_are_an_hour_apart_and_name_their_own_field()
    {
        var policy = new BackupPolicySpec { Verification = new BackupVerificationSpec { Schedule = "*/30 * * * *" } };

        BackupSchedule.TryReadVerification(policy, out _, out var fault).ShouldBeFalse();
        fault!.Message.ShouldBe("spec.backup.verification.schedule: \"*/30 * * * *\" has ticks 30 minutes apart. Leave at least 60 minutes between two.");
    }

    [Fact]
    public void Without_a_schedule_there_is_none_and_nothing_is_wrong_with_it()
    {
        BackupSchedule.TryReadBackups(new BackupPolicySpec { TimeZone = "Mars/Olympus" }, out var schedule, out _).ShouldBeTrue();
        schedule.ShouldBeNull();
    }

    [Theory]
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-03-28T20:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z")] // 02:30 does not exist: 03:00
    [InlineData("Europe/Berlin", "30 2 * * *", "2026-10-24T20:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z")] // 02:30 comes twice: the first
    [InlineData("Australia/Sydney", "30 2 * * *", "2026-10-03T10:00Z", "2026-10-03T16:00Z", "2026-10-04T15:30Z")]
    [InlineData("America/New_York", "30 1 * * *", "2026-11-01T02:00Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z")]
    public void A_changed_clock_neither_drops_nor_doubles_a_daily_tick(string zone, string schedule, string from, string first, string second)
    {
        var daily = Of(schedule, zone);

        daily.Next(At(from)).ShouldBe(At(first));
        daily.Next(At(first)).ShouldBe(At(second));
        daily.Latest(At(second).AddSeconds(-1)).ShouldBe(At(first));
    }

    [Fact]
    public void What_comes_every_half_hour_goes_on_through_a_changed_clock()
    {
        var often = Of("*/30 * * * *", "Europe/Berlin");

        often.Count(At("2026-10-24T21:59Z"), At("2026-10-25T23:00Z")).ShouldBe(50);
        often.Count(At("2026-03-28T22:59Z"), At("2026-03-29T22:00Z")).ShouldBe(46);
    }

    [Fact]
    public void Counting_leaves_out_both_ends_and_stops_at_a_thousand()
    {
        var often = Of("*/15 * * * *");

        often.Count(At("2026-01-01T00:00Z"), At("2026-01-01T01:00Z")).ShouldBe(3);
        often.Count(At("2026-01-01T00:00Z"), At("2026-01-01T00:15Z")).ShouldBe(0);
        often.Count(At("1990-01-01T00:00Z"), At("2026-01-01T00:00Z")).ShouldBe(1000);
    }

    /// <summary>The way back and the way forth agree everywhere, also where a clock is changed.</summary>
    [Fact]
    public void The_latest_tick_is_the_one_after_which_none_comes_until_now()
    {
        var schedules = OneOf("0 2 * * *", "30 2 * * *", "*/15 * * * *", "0 */6 * * *", "0 1,2,3 * * *", "0 0 * * 0", "0 4 1 * *", "59 23 L * *", "0 0 29 2 *", "@hourly")
            .Select(OneOf("Etc/UTC", "Europe/Berlin", "Australia/Sydney", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"), (text, zone) => Of(text, zone));

        Gen.Select(schedules, Gen.Int[0, 60 * 24 * 366 * 2]).Sample((schedule, minutes) =>
        {
            var now = At("2025-06-01T00:00Z").AddMinutes(minutes);
            var latest = schedule.Latest(now)!.Value;
            var next = schedule.Next(latest);
            return latest <= now && latest.Second == 0 && latest.Offset == TimeSpan.Zero && (next is null || next > now) && schedule.Next(latest.AddSeconds(-1)) == latest && schedule.Before(latest) < latest;
        });
    }

    internal static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    internal static BackupSchedule Of(string schedule, string zone = "Etc/UTC")
    {
        BackupSchedule.TryReadBackups(new BackupPolicySpec { Schedule = schedule, TimeZone = zone }, out var read, out var fault).ShouldBeTrue(fault?.Message);
        return read!;
    }

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
