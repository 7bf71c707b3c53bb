using CsCheck;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>What holds for every history of backups and every policy.</summary>
public sealed class RetentionPropertyTests
{
    private static readonly DateTimeOffset Now = BackupScheduleTests.At("2026-11-26T12:00Z");

    private static readonly Gen<RetentionSpec> Policies =
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 8], Gen.Int[0, 5], Gen.Int[0, 13], Gen.Int[0, 500], (last, daily, weekly, monthly, age) =>
            new RetentionSpec { KeepLast = last, Daily = daily, Weekly = weekly, Monthly = monthly, MaxAge = age > 250 ? null : $"{age + 1}d" });

    private static readonly Gen<BackupFacts> Backups = Gen.Select(Gen.Int[0, 60 * 24 * 500], Gen.Int[0, 99], Gen.Int[0, 99], (minutes, kind, mark) => new BackupFacts
    {
        Name = "",
        Created = Now.AddMinutes(-minutes),
        Finished = kind is >= 15 and < 20 ? null : Now.AddMinutes(-minutes + (kind % 10)),
        Origin = kind < 70 ? WireNames.BackupOfSchedule : kind < 85 ? WireNames.BackupOfRestore : null,
        Tick = kind < 70 ? Now.AddMinutes(-minutes) : null,
        Phase = kind < 10 ? "Failed" : kind is >= 15 and < 20 ? "Running" : "Completed",
        Verified = mark < 20 ? Now.AddMinutes(-minutes + 30) : null,
        IsKept = mark is 20 or 21,
        IsManaged = mark == 22,
        Deleting = mark == 23 ? Now : null,
    });

    private static readonly Gen<BackupFacts[]> Histories = Backups.Array[0, 60].Select(array => array.Select((backup, index) => backup with { Name = $"b{index:00}" }).ToArray());

    private static readonly Gen<TimeZoneInfo> Zones = BackupScheduleTests.OneOf("Etc/UTC", "Australia/Sydney", "America/New_York").Select(name => BackupSchedule.Zone(name)!);

    [Fact]
    public void Never_the_newest_the_last_verified_or_what_somebody_wants_to_keep() =>
        Gen.Select(Policies, Zones, Histories).Sample((policy, zone, history) =>
        {
            var gone = Gone(policy, zone, history);
            var sets = history.Where(backup => backup is { IsCompleted: true, Deleting: null }).ToArray();
            var newest = sets.MaxBy(set => (set.Created, set.Name));
            var verified = sets.Where(set => set.Verified is not null).Max(set => set.Verified);
            gone.ShouldAllBe(set => set.IsCompleted && set.Deleting == null && set.Origin != null && !set.IsKept && !set.IsManaged);
            gone.ShouldNotContain(newest);
            (verified is null || sets.Any(set => set.Verified == verified && !gone.Contains(set))).ShouldBeTrue();
            (gone.Length == 0 || RetentionPlan.LastEnded(history) is { IsFailed: false }).ShouldBeTrue();
        });

    [Fact]
    public void Never_fewer_than_the_generations_ask_for() =>
        Gen.Select(Policies, Zones, Histories).Sample((policy, zone, history) =>
        {
            var gone = Gone(policy, zone, history);
            var young = history.Where(backup => backup is { IsCompleted: true, Deleting: null, Origin: WireNames.BackupOfSchedule } && (policy.MaxAge is not { } age || backup.Created >= Now - Duration.Parse(age))).ToArray();
            var left = young.Except(gone).ToArray();
            left.Length.ShouldBeGreaterThanOrEqualTo(Math.Min(policy.KeepLast, young.Length));
            Days(left, zone).ShouldBeGreaterThanOrEqualTo(Math.Min(policy.Daily, Days(young, zone)));
            Months(left, zone).ShouldBeGreaterThanOrEqualTo(Math.Min(policy.Monthly, Months(young, zone)));
        });

    [Fact]
    public void What_was_let_go_once_is_all_that_goes() =>
        Gen.Select(Policies, Zones, Histories).Sample((policy, zone, history) => Gone(policy, zone, [.. history.Except(Gone(policy, zone, history))]).Length == 0);

    [Fact]
    public void One_at_a_time_comes_to_the_same_as_all_at_once() =>
        Gen.Select(Policies, Zones, Histories).Sample((policy, zone, history) =>
        {
            var all = Gone(policy, zone, history);
            // With those that are being deleted by hand: as long as they are there, a failure among them counts.
            List<BackupFacts> left = [.. history];
            while (RetentionPlan.Next(RetentionPlan.Decide(policy, zone, left, RestoresInProgress.None, Now), left) is { } next)
            {
                left.Remove(next.Set);
            }

            left.ShouldBe(history.Except(all), ignoreOrder: true);
        });

    [Fact]
    public void A_more_generous_policy_lets_nothing_go_that_a_stricter_one_keeps() =>
        Gen.Select(Policies, Policies, Histories).Sample((one, other, history) =>
        {
            var generous = new RetentionSpec
            {
                KeepLast = Math.Max(one.KeepLast, other.KeepLast),
                Daily = Math.Max(one.Daily, other.Daily),
                Weekly = Math.Max(one.Weekly, other.Weekly),
                Monthly = Math.Max(one.Monthly, other.Monthly),
                MaxAge = one.MaxAge is null || other.MaxAge is null ? null : Duration.Parse(one.MaxAge) > Duration.Parse(other.MaxAge) ? one.MaxAge : other.MaxAge,
            };
            return !Gone(generous, TimeZoneInfo.Utc, history).Except(Gone(one, TimeZoneInfo.Utc, history)).Any();
        });

    [Fact]
    public void The_order_in_which_they_are_listed_says_nothing() =>
        Gen.Select(Policies, Zones, Histories).Sample((policy, zone, history) =>
            Gone(policy, zone, history).SequenceEqual(Gone(policy, zone, [.. history.Reverse()])) && Gone(policy, zone, history).SequenceEqual(Gone(policy, zone, [.. history.OrderBy(backup => backup.Name.GetHashCode(StringComparison.Ordinal))])));

    private static BackupFacts[] Gone(RetentionSpec policy, TimeZoneInfo zone, BackupFacts[] history) =>
        [.. RetentionPlan.Decide(policy, zone, history, RestoresInProgress.None, Now).Where(verdict => verdict.Goes).Select(verdict => verdict.Set)];

    private static int Days(BackupFacts[] sets, TimeZoneInfo zone) => sets.Select(set => TimeZoneInfo.ConvertTime(set.Created, zone).Date).Distinct().Count();

    private static int Months(BackupFacts[] sets, TimeZoneInfo zone) => sets.Select(set => TimeZoneInfo.ConvertTime(set.Created, zone).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)).Distinct().Count();
}
