using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about backups.</summary>
public sealed class BackupPageTests()
    : ProcedurePageTests("docs/backup.md", "backups", [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Verifying, ProcedurePhases.Completed, ProcedurePhases.Failed])
{
    /// <summary>Reasons that only Jobs of restores and deletions give, and what a backup has no use for.</summary>
    private static readonly string[] Elsewhere = [ToolReasons.VersionTooNew, ToolReasons.DatabaseHasData, ToolReasons.DatabaseInUse, ToolReasons.KeptSetMissing, ProcedureReasons.DryRun];

    /// <inheritdoc/>
    protected override IEnumerable<string> Reasons => Constants(typeof(ProcedureReasons), typeof(BackupReasons), typeof(ToolReasons))
        .Concat([BackupsReasons.PassphraseNotFound, BackupsReasons.PassphraseInvalid]).Except(Elsewhere);

    [Fact]
    public void Every_part_is_listed() => Listed("What is in a set").ShouldBe(Enum.GetNames<BackupPart>(), ignoreOrder: true);
}
