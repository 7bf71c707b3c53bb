using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Procedures;

public sealed class InstanceStateTests
{
    [Fact]
    public void Of_a_spec_that_nobody_has_seen_nothing_is_concluded()
    {
        InstanceState.Of(Make.Instance()).ClosedGate.ShouldNotBeNull();
        InstanceState.Of(Instance(observed: 1, ("Ready", "True", "Succeeded"), ("WorkloadAvailable", "True", "Available"))).IsReady.ShouldBeFalse();
    }

    [Fact]
    public void A_ready_instance_is_ready_and_no_gate_is_closed()
    {
        var state = InstanceState.Of(Instance(observed: 2, ("Ready", "True", "Succeeded"), ("DatabaseReady", "True", "DatabaseAvailable"), ("WorkloadAvailable", "True", "Available")));

        (state.IsReady, state.ClosedGate).ShouldBe((true, null));
    }

    [Fact]
    public void A_workload_that_is_not_well_is_no_closed_gate()
    {
        var state = InstanceState.Of(Instance(observed: 2, ("Ready", "False", "CrashLoop"), ("WorkloadAvailable", "False", "CrashLoop")));

        (state.IsReady, state.ClosedGate).ShouldBe((false, null));
        state.Summary.ShouldBe("CrashLoop: It is CrashLoop.");
    }

    [Fact]
    public void The_gate_that_is_closed_is_named_with_what_it_says()
    {
        var state = InstanceState.Of(Instance(observed: 2, ("Ready", "False", "DatabaseUnreachable"), ("Reconciling", "True", "Progressing"), ("SecretsValid", "True", "SecretsValid"), ("DatabaseReady", "False", "DatabaseUnreachable"), ("WorkloadAvailable", "Unknown", "Waiting")));

        state.ClosedGate.ShouldBe("Condition DatabaseReady is not True (DatabaseUnreachable): It is DatabaseUnreachable.");
    }

    private static FamilyAssistantInstance Instance(long observed, params (string Type, string Status, string Reason)[] conditions) => Make.Instance() with
    {
        Metadata = new k8s.Models.V1ObjectMeta { Generation = 2 },
        Status = new InstanceStatus
        {
            ObservedGeneration = observed,
            Conditions = [.. conditions.Select(each => new Condition { Type = each.Type, Status = each.Status, Reason = each.Reason, Message = $"It is {each.Reason}.", ObservedGeneration = observed, LastTransitionTime = "2026-02-22T12:00:00Z" })],
        },
    };
}
