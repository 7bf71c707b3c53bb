using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class VerificationPlanTests
{
    /// <summary>A Sunday, after the tick.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 6, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Tick = new(2026, 11, 29, 5, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_set_is_due_once_for_a_tick()
    {
        var (old, newest) = (Set("old", 27), Set("new", 28));

        VerificationPlan.Decide(newest, [old, newest], Weekly, Now).ShouldBe(new VerificationPlan.Begin(Tick));
        VerificationPlan.Decide(old, [old, newest], Weekly, Now).ShouldBeOfType<VerificationPlan.Rest>();

        var done = newest with { LastVerification = Run(VerificationPlan.Succeeded) };
        VerificationPlan.Decide(done, [old, done], Weekly, Now).ShouldBe(new VerificationPlan.Wait(Tick.AddDays(7)));
        var next = Set("next", 29);
        VerificationPlan.Decide(next, [old, done, next], Weekly, Now).ShouldBe(new VerificationPlan.Wait(Tick.AddDays(7)), "the tick was another one's");
    }

    [Fact]
    public void One_that_has_begun_goes_on_whatever_else_changed()
    {
        var running = Set("old", 27) with { LastVerification = Run(VerificationPlan.Running) };

        VerificationPlan.Decide(running, [running, Set("new", 28)], null, Now).ShouldBeOfType<VerificationPlan.Continue>().Tick.ShouldBe(Tick);
    }

    [Fact]
    public void A_tick_before_the_first_set_does_not_count() =>
        VerificationPlan.Decide(Set("only", 29), [Set("only", 29) with { Finished = Tick.AddMinutes(1) }], Weekly, Now).ShouldBe(new VerificationPlan.Wait(Tick.AddDays(7)));

    [Fact]
    public void Of_several_missed_ticks_one_is_made_up_for() =>
        VerificationPlan.Decide(Set("only", 1), [Set("only", 1)], Weekly, Now).ShouldBe(new VerificationPlan.Begin(Tick));

    [Fact]
    public void Without_a_schedule_or_a_database_in_the_set_nothing_is_due()
    {
        VerificationPlan.Decide(Set("only", 28), [Set("only", 28)], null, Now).ShouldBeOfType<VerificationPlan.Rest>();
        var files = Set("only", 28) with { Parts = ImmutableDictionary<BackupPart, long>.Empty.Add(BackupPart.Files, 1) };
        VerificationPlan.Decide(files, [files], Weekly, Now).ShouldBeOfType<VerificationPlan.Rest>();
        VerificationPlan.Decide(Set("only", 28) with { Expired = "surplus" }, [], Weekly, Now).ShouldBeOfType<VerificationPlan.Rest>();
    }

    private static BackupSchedule Weekly
    {
        get
        {
            BackupSchedule.TryReadVerification(new BackupPolicySpec { Verification = new BackupVerificationSpec { Schedule = "0 5 * * 0" } }, out var schedule, out _).ShouldBeTrue();
            return schedule!;
        }
    }

    private static BackupVerificationRun Run(string result) => new() { Tick = BackupReport.Text(Tick), StartedAt = BackupReport.Text(Tick), Result = result };

    private static BackupFacts Set(string name, int day) => new()
    {
        Name = name,
        Created = new DateTimeOffset(2026, 11, day, 2, 0, 0, TimeSpan.Zero),
        Finished = new DateTimeOffset(2026, 11, day, 2, 5, 0, TimeSpan.Zero),
        Phase = ProcedurePhases.Completed,
        SetId = name,
        Parts = ImmutableDictionary<BackupPart, long>.Empty.Add(BackupPart.Database, 1),
    };
}
