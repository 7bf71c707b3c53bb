using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class PhasesTests
{
    [Fact]
    public void Running_when_every_concern_is_settled() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled()), paused: false).ShouldBe("Running");

    [Fact]
    public void Stopped_when_the_workload_is_down_as_asked() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(Phases.StoppedReason), Make.Settled()), paused: false).ShouldBe("Stopped");

    [Fact]
    public void Stopped_as_asked_although_something_would_keep_it_from_starting() =>
        Phases.Of(Make.Reports(Make.Blocked(), null, null, Make.Settled(Phases.StoppedReason), Make.Settled(Phases.StoppedReason)), paused: false).ShouldBe("Stopped");

    [Fact]
    public void Pending_while_the_first_gates_move() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Progressing()), paused: false).ShouldBe("Pending");

    [Fact]
    public void Starting_while_the_workload_moves() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Progressing(), Make.Progressing()), paused: false).ShouldBe("Starting");

    [Fact]
    public void Starting_while_an_available_workload_is_not_healthy_yet() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Progressing()), paused: false).ShouldBe("Starting");

    [Fact]
    public void Blocked_when_a_gate_waits_for_somebody() =>
        Phases.Of(Make.Reports(Make.Blocked()), paused: false).ShouldBe("Blocked");

    [Fact]
    public void Degraded_when_it_is_up_but_not_well() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Blocked()), paused: false).ShouldBe("Degraded");

    [Fact]
    public void Degraded_when_the_application_still_serves_behind_a_closed_gate()
    {
        Phases.Of(Make.Reports(Make.Blocked(), null, null, null, Make.Settled()), paused: false).ShouldBe("Degraded");
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Progressing(), null, Make.Settled()), paused: false).ShouldBe("Degraded");
    }

    [Fact]
    public void Starting_while_a_rollout_replaces_a_pod_that_serves() =>
        Phases.Of(Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Progressing(), Make.Settled()), paused: false).ShouldBe("Starting");

    [Fact]
    public void Blocked_when_a_stopped_instance_waits_for_somebody() =>
        Phases.Of(Make.Reports(Make.Blocked(), null, null, null, Make.Settled(Phases.StoppedReason)), paused: false).ShouldBe("Blocked");

    [Fact]
    public void Paused_whatever_else_is_so() =>
        Phases.Of(Make.Reports(Make.Blocked()), paused: true).ShouldBe("Paused");
}
