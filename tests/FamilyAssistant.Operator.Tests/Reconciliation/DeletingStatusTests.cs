using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class DeletingStatusTests
{
    [Fact]
    public void Says_what_deletion_waits_for_and_forgets_the_concerns()
    {
        var before = Make.Project(null, Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled()));

        var status = DeletingStatus.Project(before, 4, "Waits for pod assistant-0.", Make.Noon.AddMinutes(1));

        status.Phase.ShouldBe("Deleting");
        status.ObservedGeneration.ShouldBe(4);
        status.Conditions.Select(condition => (condition.Type, condition.Status, condition.Reason, condition.Message)).ShouldBe(
        [
            (ConditionTypes.Ready, "False", "Deleting", "Waits for pod assistant-0."),
            (ConditionTypes.Reconciling, "True", "Deleting", "Waits for pod assistant-0."),
        ]);
    }

    [Fact]
    public void Works_for_an_instance_that_never_had_a_status() =>
        DeletingStatus.Project(null, 1, "Waits.", Make.Noon).ObservedGeneration.ShouldBe(1);
}
