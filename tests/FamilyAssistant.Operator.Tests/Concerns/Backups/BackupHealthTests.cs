using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupHealthTests
{
    private static readonly DateTimeOffset Now = BackupScheduleTests.At("2026-11-26T12:00Z");
    private static readonly BackupSchedule Noon = BackupScheduleTests.Of("0 12 * * *");

    [Fact]
    public void Made_proven_and_young_is_healthy() => Reason(Facts(Set(1), Set(0))).ShouldBe((true, BackupsReasons.Healthy));

    [Fact]
    public void Before_the_first_there_is_none_and_that_is_no_fault() => Reason(Facts() with { Since = Now.AddHours(-1) }).ShouldBe((true, BackupsReasons.NoBackupYet));

    [Fact]
    public void Without_a_schedule_only_failures_count()
    {
        Reason(Facts(Set(300)) with { Schedule = null, Since = null }).ShouldBe((true, BackupsReasons.NoSchedule));
        Reason(Facts(Set(300), RetentionPlanTests.Failed(2)) with { Schedule = null, Since = null }).ShouldBe((false, BackupsReasons.LastBackupFailed));
    }

    [Fact]
    public void A_failure_counts_until_one_succeeds()
    {
        Reason(Facts(Set(2), Set(1), RetentionPlanTests.Failed(0))).ShouldBe((false, BackupsReasons.LastBackupFailed));
        Reason(Facts(Set(2), RetentionPlanTests.Failed(1), Set(0))).ShouldBe((true, BackupsReasons.Healthy));
        BackupHealth.Judge(Facts(Set(1), RetentionPlanTests.Failed(0)), Now).Message.ShouldContain("kubectl describe fab fa-failed-000");
    }

    [Fact]
    public void Two_ticks_without_success_are_too_many()
    {
        Reason(Facts(Set(1))).ShouldBe((true, BackupsReasons.Healthy), "the tick of this moment has only begun");
        Reason(Facts(Set(2))).ShouldBe((false, BackupsReasons.Outdated));
        Reason(Facts() with { Since = Now.AddDays(-2) }).ShouldBe((false, BackupsReasons.Outdated), "none was ever made");
        Reason(Facts(Set(30)) with { Since = Now.AddHours(-2) }).ShouldBe((true, BackupsReasons.Healthy), "a new schedule has its time");
    }

    [Fact]
    public void A_test_restore_that_failed_counts_until_one_succeeds()
    {
        var bad = Set(0) with { LastVerification = Run("Failed", Now.AddMinutes(-10)) };

        Reason(Facts(Set(1), bad)).ShouldBe((false, BackupsReasons.VerificationFailed));
        Reason(Facts(Set(1) with { Verified = Now }, bad)).ShouldBe((true, BackupsReasons.Healthy));
    }

    [Fact]
    public void Test_restores_must_happen()
    {
        var daily = Facts(Set(3), Set(0)) with { Verification = Noon };

        Reason(daily).ShouldBe((false, BackupsReasons.VerificationOutdated));
        Reason(daily with { Backups = [Set(3), Set(0) with { Verified = Now.AddHours(-20) }] }).ShouldBe((true, BackupsReasons.Healthy));
        Reason(daily with { Backups = [Set(0)] }).ShouldBe((true, BackupsReasons.Healthy), "there was nothing to restore at an earlier tick");
        Reason(daily with { VerificationSince = Now.AddHours(-20) }).ShouldBe((true, BackupsReasons.Healthy), "a new schedule has its time");
        Reason(daily with { VerificationSince = Now.AddHours(-25) }).ShouldBe((false, BackupsReasons.VerificationOutdated));
    }

    [Theory]
    [InlineData(BackupPart.Database)]
    [InlineData(BackupPart.Files)]
    public void A_set_that_is_suddenly_small_is_told(BackupPart part)
    {
        BackupFacts[] usual = [.. Enumerable.Range(1, 6).Select(days => Sized(days, part, 10_000_000 + days))];

        Reason(Facts([.. usual, Sized(0, part, 4_999_999)])).ShouldBe((false, BackupsReasons.SizeShrank));
        Reason(Facts([.. usual, Sized(0, part, 5_100_000)])).ShouldBe((true, BackupsReasons.Healthy));
        Reason(Facts([.. usual[..2], Sized(0, part, 1)])).ShouldBe((true, BackupsReasons.Healthy), "two sets are no habit");
        Reason(Facts([.. Enumerable.Range(1, 6).Select(days => Sized(days, part, 90_000)), Sized(0, part, 1)])).ShouldBe((true, BackupsReasons.Healthy), "little of little");
        Reason(Facts([.. usual[3..], .. Enumerable.Range(0, 4).Select(days => Sized(days, part, 1000))])).ShouldBe((true, BackupsReasons.Healthy), "it is the habit by now");
    }

    [Fact]
    public void A_volume_that_does_not_come_is_told_after_a_while()
    {
        var running = Set(0) with { Phase = "Running", Finished = null, Started = Now.AddMinutes(-9) };
        var facts = Facts(Set(1), running) with { IsBound = false };

        Reason(facts).ShouldBe((true, BackupsReasons.Healthy));
        BackupHealth.NextChange(facts, Now).ShouldBe(Now.AddMinutes(1));
        BackupHealth.Judge(facts, Now.AddMinutes(1)).Reason.ShouldBe(BackupsReasons.VolumePending);
    }

    [Fact]
    public void An_expired_set_that_does_not_go_is_told_after_a_day()
    {
        var facts = Facts(Set(5) with { Deleting = Now.AddHours(-23), Expired = "old" }, Set(0));

        Reason(facts).ShouldBe((true, BackupsReasons.Healthy));
        BackupHealth.NextChange(facts, Now).ShouldBe(Now.AddHours(1));
        Reason(facts with { Backups = [Set(5) with { Deleting = Now.AddHours(-24), Expired = "old" }, Set(0)] }).ShouldBe((false, BackupsReasons.RetentionStuck));
    }

    [Fact]
    public void An_expired_set_whose_files_cannot_be_deleted_is_told_of_at_once()
    {
        var outcome = BackupHealth.Judge(Facts(Set(5) with { Deleting = Now, Expired = "old", FilesLeft = "KeptSetMissing: The set x is not on the volume." }, Set(0)), Now);

        outcome.Reason.ShouldBe(BackupsReasons.RetentionStuck);
        outcome.Message.ShouldContain("files are not deleted. KeptSetMissing: The set x is not on the volume. It is tried again every ten minutes");
    }

    [Fact]
    public void The_next_look_is_at_the_next_tick_of_either_schedule() =>
        BackupHealth.NextChange(Facts(Set(0)) with { Verification = BackupScheduleTests.Of("0 5 * * *") }, Now).ShouldBe(BackupScheduleTests.At("2026-11-27T05:00Z"));

    private static BackupFacts Set(int daysAgo) => RetentionPlanTests.Set(daysAgo);

    private static BackupFacts Sized(int daysAgo, BackupPart part, long size) => Set(daysAgo) with { Parts = ImmutableDictionary<BackupPart, long>.Empty.Add(part, size) };

    private static HealthFacts Facts(params BackupFacts[] backups) => new() { Backups = backups, Schedule = Noon, Since = Now.AddDays(-400), Claim = "fa-backups" };

    private static BackupVerificationRun Run(string result, DateTimeOffset finished) =>
        new() { Tick = BackupFacts.Text(finished), StartedAt = BackupFacts.Text(finished), FinishedAt = BackupFacts.Text(finished), Result = result, Message = "3 tables differ." };

    private static (bool, string) Reason(HealthFacts facts) => BackupHealth.Judge(facts, Now) is var outcome ? (outcome is StepOutcome.Settled, outcome.Reason) : default;
}
