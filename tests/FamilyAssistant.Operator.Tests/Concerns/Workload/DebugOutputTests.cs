using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>Debug output in the hands of the step: one rollout on, one rollout off, and the looks at the clock in between.</summary>
public sealed class DebugOutputTests
{
    private const string UntilOne = """{"llmMessages": true, "expiresAt": "2026-11-23T13:00:00Z"}""";
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly WorkloadStep _step;

    public DebugOutputTests() => _step = new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events);

    [Fact]
    public async Task It_goes_off_by_itself_with_one_rollout_and_an_event()
    {
        _world.EditSpec(("debug", UntilOne));
        var on = await SettleAsync();
        on.Message.ShouldContain("Debug output is on until 2026-11-23T13:00:00Z");
        on.LookAgain.ShouldBe(TimeSpan.FromMinutes(1));
        Template().ShouldContain("DEBUG_LLM_MESSAGES");
        Template().ShouldNotContain("LITELLM_DEBUG");
        _world.Cluster.Requests.Clear();

        _world.Time.Advance(TimeSpan.FromMinutes(59));
        await RunAsync();
        _world.Cluster.Requests.ShouldBeEmpty();

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        var off = await SettleAsync();
        await RunAsync();
        _world.Cluster.Writes.ShouldBe(["apply StatefulSet home/fa"]);
        Template().ShouldNotContain("DEBUG_LLM_MESSAGES");
        off.LookAgain.ShouldBeNull();
        off.Message.ShouldNotContain("Debug");
        _world.Events.Recorded.Where(e => e.Reason == "DebugEnded").ShouldHaveSingleItem().Note.ShouldContain("2026-11-23T13:00:00Z");
    }

    [Fact]
    public async Task An_operator_that_was_away_at_the_time_makes_up_for_it_and_a_clock_set_back_changes_nothing()
    {
        _world.EditSpec(("debug", UntilOne));
        await SettleAsync();
        _world.Time.Advance(TimeSpan.FromDays(3));
        var successor = new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events);
        await successor.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken);
        Template().ShouldNotContain("DEBUG_LLM_MESSAGES");
        _world.Cluster.Requests.Clear();

        var before = _world.Pass() with { Now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero) };
        await successor.ExecuteAsync(before, TestContext.Current.CancellationToken);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_later_time_goes_on_and_a_removed_field_leaves_no_trace()
    {
        _world.EditSpec(("debug", UntilOne));
        await SettleAsync();
        _world.Time.Advance(TimeSpan.FromHours(2));
        await SettleAsync();
        Annotation().ShouldBe("2026-11-23T13:00:00Z");
        _world.EditSpec(("debug.expiresAt", "\"2026-11-23T15:00:00Z\""));
        (await SettleAsync()).Message.ShouldContain("15:00:00Z");
        Template().ShouldContain("DEBUG_LLM_MESSAGES");
        _world.EditSpec(("debug", "null"));
        (await SettleAsync()).Message.ShouldNotContain("Debug");
        Template().ShouldNotContain("DEBUG_LLM_MESSAGES");
        _world.Events.Reasons.Count(reason => reason == "DebugEnded").ShouldBe(1, "removing it is no end by the clock");
    }

    [Fact]
    public async Task A_time_that_has_passed_is_simply_off()
    {
        _world.EditSpec(("debug", """{"litellm": true, "expiresAt": "2026-11-22T00:00:00Z"}"""));
        var outcome = await SettleAsync();
        Template().ShouldNotContain("LITELLM_DEBUG");
        outcome.LookAgain.ShouldBeNull();
        _world.Events.Reasons.ShouldNotContain("DebugEnded");
    }

    [Fact]
    public async Task The_clock_is_looked_at_although_a_pod_does_not_start()
    {
        _world.EditSpec(("debug", UntilOne));
        await RunAsync();
        Pods.Put(_world, Pods.WaitingFor("ImagePullBackOff"));
        Sets.Settle(_world, ready: 0);
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.LookAgain.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task While_paused_it_stays_on_past_its_time_and_that_is_said()
    {
        _world.EditSpec(("debug", UntilOne));
        await SettleAsync();
        _world.Annotate(WireNames.PausedAnnotation);
        _world.Time.Advance(TimeSpan.FromHours(2));
        (await RunAsync()).Message.ShouldContain("Debug output is still on");
        Template().ShouldContain("DEBUG_LLM_MESSAGES");
    }

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();

    private async Task<StepOutcome> SettleAsync()
    {
        await RunAsync();
        Pods.Put(_world, Pods.Ready);
        Sets.Settle(_world);
        return await RunAsync();
    }

    private string Template() => Sets.Json(_world)["spec"]!["template"]!.ToJsonString();

    private string? Annotation() => Sets.Json(_world)["metadata"]!["annotations"]?[WireNames.DebugEndedAnnotation]?.GetValue<string>();
}
