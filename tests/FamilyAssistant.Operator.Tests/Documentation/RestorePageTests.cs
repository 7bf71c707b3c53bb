using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about restores.</summary>
public sealed class RestorePageTests()
    : ProcedurePageTests("docs/restore.md", "restores", [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Completed, ProcedurePhases.Failed])
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Reasons => Constants(typeof(ProcedureReasons), typeof(RestoreReasons), typeof(ToolReasons)).Append(CommonReasons.NameConflict);

    [Fact]
    public void Every_stage_is_listed_in_its_order() => Listed("Stages").ShouldBe(RestoreStages.All);

    [Fact]
    public void Stages_in_which_the_application_is_held_say_so() =>
        Page.Table("Stages").Where(row => row[2] == "stopped").Select(row => row[0]).ShouldBe(RestoreStages.All.Where(stage => RestoreStages.Holds(stage, hasBegunOnInstance: true)));
}
