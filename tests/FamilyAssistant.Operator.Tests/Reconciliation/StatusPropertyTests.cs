using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CsCheck;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>What kstatus, Flux, Argo CD and <c>kubectl wait</c> rely on, for every combination of outcomes and histories.</summary>
public sealed class StatusPropertyTests
{
    private static readonly Gen<StepOutcome?> AnyOutcome = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], (kind, variant) => kind switch
    {
        0 => (StepOutcome?)null,
        1 => Make.Settled(variant == 0 ? Phases.StoppedReason : "Fine"),
        2 => Make.Progressing($"Moving{variant}"),
        3 => Make.Blocked($"Stuck{variant}"),
        4 => Make.Blocked($"Wrong{variant}", needsSpecChange: true),
        _ => Make.Faulted($"Failed{variant}"),
    });

    private static readonly Gen<ImmutableArray<StepReport>> AnyReports = AnyOutcome.Array[5].Select(outcomes => Make.Reports(outcomes));

    /// <summary>Passes one after the other: reports, seconds since the one before, and whether the spec was edited in between.</summary>
    private static readonly Gen<(ImmutableArray<StepReport> Reports, int Seconds, bool Edited, bool Paused)[]> AnyHistory =
        Gen.Select(AnyReports, Gen.Int[0, 90], Gen.Bool, Gen.Bool).Array[1, 6];

    [Fact]
    public void Reconciling_and_Stalled_are_never_both_there() => Holds((_, status) =>
        status.Conditions.Count(condition => condition.Type is ConditionTypes.Reconciling or ConditionTypes.Stalled).ShouldBeLessThan(2, Show(status)));

    [Fact]
    public void Reconciling_and_Stalled_are_there_only_when_True() => Holds((_, status) =>
    {
        foreach (var type in (string[])[ConditionTypes.Reconciling, ConditionTypes.Stalled])
        {
            status.Condition(type)?.Status.ShouldBe("True", Show(status));
        }
    });

    [Fact]
    public void Ready_is_always_there_and_True_exactly_when_nothing_is_reconciling_or_stalled() => Holds((_, status) =>
    {
        var disturbed = status.Condition(ConditionTypes.Reconciling) is not null || status.Condition(ConditionTypes.Stalled) is not null;
        status.Condition(ConditionTypes.Ready).ShouldNotBeNull().Status.ShouldBe(disturbed ? "False" : "True", Show(status));
    });

    [Fact]
    public void Ready_is_True_exactly_when_every_concern_is() => Holds((_, status) =>
    {
        var concerns = status.Conditions.Where(condition => condition.Type is not (ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled));
        status.Condition(ConditionTypes.Ready)!.Status.ShouldBe(concerns.All(condition => condition.Status == "True") ? "True" : "False", Show(status));
    });

    [Fact]
    public void Every_condition_has_the_generation_of_the_pass_a_reason_a_message_and_a_known_status() => Holds((pass, status) =>
    {
        status.ObservedGeneration.ShouldBe(pass.Generation);
        status.Conditions.ShouldAllBe(condition => condition.ObservedGeneration == pass.Generation);
        status.Conditions.ShouldAllBe(condition => condition.Reason.Length > 0 && condition.Message.Length > 0);
        status.Conditions.ShouldAllBe(condition => condition.Status == "True" || condition.Status == "False" || condition.Status == "Unknown");
        status.Conditions.Select(condition => condition.Type).ShouldBeUnique();
    });

    [Fact]
    public void A_time_changes_exactly_when_its_condition_changes_status_or_appears() => Holds((pass, status) =>
    {
        foreach (var condition in status.Conditions)
        {
            var before = pass.Previous?.Condition(condition.Type);
            var expected = before?.Status == condition.Status
                ? before.LastTransitionTime
                : pass.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            condition.LastTransitionTime.ShouldBe(expected, condition.Type);
        }
    });

    [Fact]
    public void The_same_reports_later_give_the_same_status_so_that_nothing_is_written() => Holds((pass, status) =>
    {
        var again = StatusProjector.Project(RoundTrip(status), pass.Generation, pass.Reports, pass.Now.AddHours(5), pass.Paused);
        Show(again).ShouldBe(Show(status));
    });

    private static void Holds(Action<PassOf, InstanceStatus> property) => AnyHistory.Sample(history =>
    {
        InstanceStatus? previous = null;
        var now = Make.Noon;
        var generation = 1L;
        foreach (var (reports, seconds, edited, paused) in history)
        {
            now = now.AddSeconds(seconds);
            generation += edited ? 1 : 0;
            var status = StatusProjector.Project(previous, generation, reports, now, paused);
            property(new PassOf(previous, generation, reports, now, paused), status);
            previous = RoundTrip(status);
        }
    });

    /// <summary>What the API server gives back.</summary>
    private static InstanceStatus RoundTrip(InstanceStatus status) => JsonSerializer.Deserialize(Show(status), ApiJsonContext.Default.InstanceStatus)!;

    private static string Show(InstanceStatus status) => JsonSerializer.Serialize(status, ApiJsonContext.Default.InstanceStatus);

    private sealed record PassOf(InstanceStatus? Previous, long Generation, ImmutableArray<StepReport> Reports, DateTimeOffset Now, bool Paused);
}
