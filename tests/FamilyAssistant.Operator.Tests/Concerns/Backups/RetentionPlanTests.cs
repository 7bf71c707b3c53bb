using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class RetentionPlanTests
{
    private static readonly RetentionSpec LastOnly = new() { KeepLast = 1, Daily = 0, Weekly = 0, Monthly = 0 };
    private static readonly DateTimeOffset Now = BackupScheduleTests.At("2026-11-26T12:00Z");

    [Fact]
    public void A_year_of_nights_leaves_the_generations()
    {
        var sets = Enumerable.Range(0, 366).Select(days => Set(days)).ToList();

        var kept = Verdicts(new RetentionSpec(), sets).Where(verdict => !verdict.Goes).ToDictionary(verdict => Day(verdict.Set), verdict => string.Join(", ", verdict.KeptBecause));

        kept["2026-11-26"].ShouldBe("last, daily, weekly, monthly, newest");
        kept["2026-11-24"].ShouldBe("last, daily");
        kept["2026-11-22"].ShouldBe("daily, weekly", "a Sunday: the newest of its week");
        kept["2026-11-20"].ShouldBe("daily");
        kept["2026-11-15"].ShouldBe("weekly");
        kept["2026-11-08"].ShouldBe("weekly");
        kept["2026-10-31"].ShouldBe("monthly");
        kept["2025-12-31"].ShouldBe("monthly");
        kept.Count.ShouldBe(7 + 2 + 11);
    }

    [Fact]
    public void Days_are_those_of_the_policys_zone()
    {
        var sets = new[] { Set(2) with { Created = BackupScheduleTests.At("2026-11-24T12:30Z") }, Set(2) with { Name = "b", Created = BackupScheduleTests.At("2026-11-24T13:30Z") }, Set(0) };
        var policy = LastOnly with { Daily = 3 };

        Gone(policy, sets).ShouldBe([sets[0].Name], "one day in UTC");
        RetentionPlan.Decide(policy, BackupSchedule.Zone("Australia/Sydney")!, sets, RestoresInProgress.None, Now).Where(verdict => verdict.Goes).ShouldBeEmpty("two days in Sydney");
    }

    [Fact]
    public void A_pause_in_the_backups_ends_no_generation() =>
        Gone(new RetentionSpec { KeepLast = 1, Daily = 3, Weekly = 0, Monthly = 0 }, Set(300), Set(200), Set(100), Set(0)).ShouldBe([Set(300).Name]);

    [Fact]
    public void Age_ends_a_generation_but_neither_the_newest_nor_the_last_verified()
    {
        var sets = new[] { Set(500) with { Verified = Now.AddDays(-499) }, Set(450), Set(401), Set(400) };

        var verdicts = Verdicts(new RetentionSpec { MaxAge = "300d" }, sets);

        verdicts.Where(verdict => verdict.Goes).Select(verdict => verdict.Set.Name).ShouldBe([Set(450).Name, Set(401).Name]);
        verdicts[1].Expires.ShouldBe("older than spec.backup.retention.maxAge (300d)");
        verdicts[0].KeptBecause.ShouldBe(["last verified"]);
        verdicts[3].KeptBecause.ShouldBe(["newest"]);
    }

    [Fact]
    public void What_goes_is_told_why() => Verdicts(LastOnly, Set(1), Set(0))[0].Expires.ShouldBe("in no generation of spec.backup.retention (keepLast 1, daily 0, weekly 0, monthly 0)");

    public static TheoryData<string> Protected => ["manual", "keep", "managed", "source", "set of a volume", "safety set of a restore", "unreadable restore"];

    [Theory]
    [MemberData(nameof(Protected))]
    public void Some_sets_are_not_the_retentions(string why)
    {
        var old = Set(9) with { SetId = "20261117t120000z-00000009" };
        var (set, restores) = why switch
        {
            "manual" => (old with { Origin = null, Tick = null }, RestoresInProgress.None),
            "keep" => (old with { IsKept = true }, RestoresInProgress.None),
            "managed" => (old with { IsManaged = true }, RestoresInProgress.None),
            "source" => (old, RestoresInProgress.None with { Sources = [old.Name] }),
            "set of a volume" => (old, RestoresInProgress.None with { SetIds = [old.SetId!] }),
            "safety set of a restore" => (old with { Origin = WireNames.BackupOfRestore, RestoreUid = "r" }, RestoresInProgress.None with { Uids = ["r"] }),
            _ => (old, RestoresInProgress.None with { NeedAll = true }),
        };

        RetentionPlan.Decide(LastOnly, TimeZoneInfo.Utc, [set, Set(1), Set(0), Safety(0)], restores, Now)[0].Goes.ShouldBeFalse();
        Verdicts(LastOnly, old, Set(1), Set(0))[0].Goes.ShouldBeTrue();
    }

    [Fact]
    public void What_a_restore_put_aside_does_not_take_the_place_of_a_nights_backup()
    {
        var night = Set(1);
        var safety = Safety(1) with { Created = night.Created.AddHours(5) };

        Gone(LastOnly with { Daily = 2 }, night, safety, Set(0)).ShouldBeEmpty();
    }

    [Fact]
    public void After_a_failure_nothing_goes_until_a_backup_succeeds()
    {
        BackupFacts[] sets = [Set(3), Set(2), Failed(1)];

        Gone(LastOnly, sets).ShouldBeEmpty();
        RetentionPlan.IsLastFailed(sets).ShouldBeTrue();
        Gone(LastOnly, [.. sets, Set(0)]).ShouldBe([Set(3).Name, Set(2).Name]);
        Gone(LastOnly, [.. sets, Set(0), Failed(0) with { Name = "later", Finished = Now.AddMinutes(6) }]).ShouldBeEmpty();
    }

    [Fact]
    public void After_a_failed_test_restore_nothing_goes_until_one_succeeds()
    {
        var bad = Set(1) with { LastVerification = new BackupVerificationRun { Tick = "2026-11-25T05:00:00Z", StartedAt = "2026-11-25T15:00:00Z", FinishedAt = "2026-11-25T16:00:00Z", Result = "Failed" } };

        Gone(LastOnly, Set(2), bad, Set(0)).ShouldBeEmpty();
        Gone(LastOnly, Set(2), bad, Set(0) with { Verified = Now }).ShouldBe([Set(2).Name, bad.Name]);
    }

    [Fact]
    public void One_goes_at_a_time()
    {
        BackupFacts[] sets = [Set(3), Set(2), Set(0)];
        var verdicts = Verdicts(LastOnly, sets);

        RetentionPlan.Next(verdicts, sets)!.Set.Name.ShouldBe(Set(3).Name);
        BackupFacts[] going = [Set(3) with { Deleting = Now, Expired = "old" }, .. sets[1..]];
        RetentionPlan.Next(Verdicts(LastOnly, going), going).ShouldBeNull();
        BackupFacts[] byHand = [Set(3) with { Deleting = Now }, .. sets[1..]];
        RetentionPlan.Next(Verdicts(LastOnly, byHand), byHand)!.Set.Name.ShouldBe(Set(2).Name);
    }

    [Fact]
    public void What_would_go_next_is_known_before()
    {
        BackupFacts[] sets = [Set(3), Set(2), Set(1), Failed(0)];
        var policy = LastOnly with { KeepLast = 2 };

        Gone(policy, sets).ShouldBeEmpty();
        RetentionPlan.AfterNext(policy, TimeZoneInfo.Utc, sets, RestoresInProgress.None, Now.AddDays(1)).ShouldBe([Set(3).Name, Set(2).Name]);
    }

    [Fact]
    public void The_newest_ten_failed_backups_stay()
    {
        BackupFacts[] failed = [.. Enumerable.Range(0, 12).Select(Failed)];

        RetentionPlan.NextFailed(failed, RestoresInProgress.None)!.Name.ShouldBe(Failed(11).Name);
        RetentionPlan.NextFailed(failed[..10], RestoresInProgress.None).ShouldBeNull();
        RetentionPlan.NextFailed([.. failed[..10], Failed(11) with { Origin = null }, Failed(12) with { IsKept = true }, Failed(13) with { IsManaged = true }], RestoresInProgress.None).ShouldBeNull();
    }

    internal static BackupFacts Set(int daysAgo) => new()
    {
        Name = $"fa-{daysAgo:000}",
        Created = Now.AddDays(-daysAgo),
        Origin = WireNames.BackupOfSchedule,
        Tick = Now.AddDays(-daysAgo),
        Phase = "Completed",
        Finished = Now.AddDays(-daysAgo).AddMinutes(5),
        SizeBytes = 1000,
    };

    internal static BackupFacts Failed(int daysAgo) => Set(daysAgo) with { Name = $"fa-failed-{daysAgo:000}", Phase = "Failed", Reason = "JobFailed", SizeBytes = 0 };

    private static BackupFacts Safety(int daysAgo) => Set(daysAgo) with { Name = $"restore-safety-{daysAgo:000}", Origin = WireNames.BackupOfRestore, Tick = null };

    private static string Day(BackupFacts set) => set.Created.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static System.Collections.Immutable.ImmutableArray<RetentionVerdict> Verdicts(RetentionSpec policy, params IEnumerable<BackupFacts> backups) =>
        RetentionPlan.Decide(policy, TimeZoneInfo.Utc, [.. backups], RestoresInProgress.None, Now);

    private static IEnumerable<string> Gone(RetentionSpec policy, params IEnumerable<BackupFacts> backups) => Verdicts(policy, backups).Where(verdict => verdict.Goes).Select(verdict => verdict.Set.Name);
}
