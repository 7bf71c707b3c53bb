using System.Reflection;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about backups has every part, field, phase and reason, and its examples are the samples.</summary>
public sealed class BackupPageTests
{
    /// <summary>Reasons that only Jobs of restores and deletions give, and what a backup has no use for.</summary>
    private static readonly string[] Elsewhere = [ToolReasons.VersionTooNew, ToolReasons.DatabaseHasData, ToolReasons.DatabaseInUse, ToolReasons.KeptSetMissing, ProcedureReasons.DryRun];

    private static readonly string[] Phases = [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Verifying, ProcedurePhases.Completed, ProcedurePhases.Failed];

    private static readonly MarkdownPage Page = new("docs/backup.md");

    [Fact]
    public void Every_part_is_listed() => Listed("What is in a set").ShouldBe(Enum.GetNames<BackupPart>(), ignoreOrder: true);

    [Fact]
    public void Every_reason_is_listed_and_no_other() => Listed("Reasons").SelectMany(row => row.Split("`, `")).ShouldBe(
        Constants(typeof(ProcedureReasons)).Concat(Constants(typeof(BackupReasons))).Concat([BackupsReasons.PassphraseNotFound, BackupsReasons.PassphraseInvalid]).Concat(Constants(typeof(ToolReasons))).Distinct().Except(Elsewhere), ignoreOrder: true);

    [Fact]
    public void Every_phase_is_listed() => Listed("Phases").ShouldBe(Phases, ignoreOrder: true);

    [Fact]
    public void Phases_of_a_reason_are_phases() => Page.Table("Reasons").SelectMany(row => row[1].Split(", ")).Distinct().Except(Phases).ShouldBeEmpty();

    [Fact]
    public void Every_field_is_listed()
    {
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantbackups.yaml").Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        var fields = Leaves(definition["spec"]!, "spec").Concat(definition["status"]!["properties"]!.AsObject().Select(field => $"status.{field.Key}"));

        Page.Table("Fields").SelectMany(row => row[0].Split("`, `")).ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public void Its_examples_of_backups_are_samples_that_the_tests_apply()
    {
        var samples = YamlFiles.Under("deploy/samples/backups").Select(path => YamlFiles.Read(path).Single().ToJsonString()).ToHashSet();
        var examples = Page.Blocks("yaml").SelectMany(block => YamlFiles.Parse(block.Text)).Where(document => (string?)document["kind"] == FamilyAssistantBackup.KindName).ToList();

        examples.Count.ShouldBeGreaterThan(1);
        examples.ShouldAllBe(example => samples.Contains(example.ToJsonString()));
    }

    private static IEnumerable<string> Leaves(JsonNode schema, string path) => schema["properties"] is JsonObject members
        ? members.SelectMany(member => Leaves(member.Value!, $"{path}.{member.Key}"))
        : [path];

    private static IEnumerable<string> Listed(string heading) => Page.Table(heading).Select(row => row[0]);

    private static string[] Constants(Type type) => [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)];
}
