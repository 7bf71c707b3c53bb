using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>What is looked at once the application runs on the restored data.</summary>
public sealed class FinishPlanTests
{
    [Fact]
    public void An_application_that_does_not_start_says_how_its_container_ended()
    {
        var world = new SimulatedRestore { StartsOnSet = false };

        world.Run();

        (world.Reason, world.Database, world.Files, world.Runs).ShouldBe((RestoreReasons.StartFailed, "old", "old", true));
        world.Message.ShouldStartWith("The application does not start on the restored data: pod fa-0 ended 5 times, last with exit code 3 (Error).");
    }

    [Fact]
    public void Tables_that_are_empty_or_missing_put_everything_back()
    {
        Compared(emptied: Names("public.notes")).ShouldBe((RestoreReasons.TablesMissing, "old"));
        Compared(missing: Names("public.notes"), sameRevision: true).ShouldBe((RestoreReasons.TablesMissing, "old"));
        Compared(emptied: new ToolNames(40, ["public.tasks", "public.recent_events"])).ShouldBe((RestoreReasons.TablesMissing, "old"));
    }

    [Fact]
    public void What_a_migration_drops_or_the_application_empties_is_no_loss()
    {
        Compared(missing: Names("public.notes")).ShouldBe(("Completed", "set"));
        Compared(emptied: Names("public.tasks", "public.error_logs")).ShouldBe(("Completed", "set"));
        Compared(fewer: Names("public.notes")).ShouldBe(("Completed", "set"));
    }

    private static ToolNames Names(params string[] first) => new(first.Length, first);

    private static (string? Reason, string Database) Compared(ToolNames? missing = null, ToolNames? emptied = null, ToolNames? fewer = null, bool sameRevision = false)
    {
        var none = new ToolNames(0, []);
        var comparison = new ToolComparison { SetRows = 7, SetTables = 2, Missing = missing ?? none, Emptied = emptied ?? none, Fewer = fewer ?? none };
        var world = new SimulatedRestore
        {
            Ends = tool => tool == RestoreTool.Compare ? new ToolState.Succeeded(new ToolResult { Outcome = ToolOutcome.Succeeded, Comparison = comparison }) : null,
            Revision = sameRevision ? "abc123" : "def456",
        };
        world.Run();
        return (world.Reason, world.Database);
    }
}
