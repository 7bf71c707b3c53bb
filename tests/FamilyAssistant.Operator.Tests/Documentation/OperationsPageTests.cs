using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about operations.</summary>
public sealed class OperationsPageTests()
    : ProcedurePageTests("docs/operations.md", "operations", [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Succeeded, ProcedurePhases.Failed])
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Reasons => Constants(typeof(ProcedureReasons), typeof(OperationReasons));

    [Fact]
    public void Every_action_is_listed() => Listed("Actions").ShouldBe(Enum.GetNames<OperationAction>(), ignoreOrder: true);
}
