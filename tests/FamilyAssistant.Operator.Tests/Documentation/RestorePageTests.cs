using System.Reflection;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about restores has every stage, field, phase and reason, and its examples are the samples.</summary>
public sealed class RestorePageTests
{
    private static readonly string[] Phases = [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Completed, ProcedurePhases.Failed];

    private static readonly MarkdownPage Page = new("docs/restore.md");

    [Fact]
    public void Every_stage_is_listed_in_its_order() => Listed("Stages").ShouldBe(RestoreStages.All);

    [Fact]
    public void Stages_in_which_the_application_is_held_say_so() =>
        Page.Table("Stages").Where(row => row[2] == "stopped").Select(row => row[0]).ShouldBe(RestoreStages.All.Where(stage => RestoreStages.Holds(stage, hasBegunOnInstance: true)));

    [Fact]
    public void Every_reason_is_listed_and_no_other() =>
        Listed("Reasons").ShouldBe([.. Constants(typeof(ProcedureReasons)), .. Constants(typeof(RestoreReasons)), .. Constants(typeof(ToolReasons)), CommonReasons.NameConflict], ignoreOrder: true);

    [Fact]
    public void Every_phase_is_listed() => Listed("Phases").ShouldBe(Phases);

    [Fact]
    public void Phases_of_a_reason_are_phases() =>
        Page.Table("Reasons").SelectMany(row => row[1].Split(", ")).Distinct().ShouldBe(Phases, ignoreOrder: true);

    [Fact]
    public void Every_field_is_listed()
    {
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantrestores.yaml").Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        var fields = Leaves(definition["spec"]!, "spec").Concat(definition["status"]!["properties"]!.AsObject().Select(field => $"status.{field.Key}"));

        Page.Table("Fields").SelectMany(row => row[0].Split("`, `")).ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public void Its_examples_are_samples_that_the_tests_apply()
    {
        var samples = YamlFiles.Under("deploy/samples/restores").Select(path => YamlFiles.Read(path).Single().ToJsonString()).ToHashSet();
        var examples = Page.Blocks("yaml").SelectMany(block => YamlFiles.Parse(block.Text)).Where(document => document["kind"] is not null).Select(document => document.ToJsonString()).ToHashSet();

        examples.ShouldBe(samples, ignoreOrder: true);
    }

    private static IEnumerable<string> Leaves(JsonNode schema, string path) => schema["properties"] is JsonObject members
        ? members.SelectMany(member => Leaves(member.Value!, $"{path}.{member.Key}"))
        : [path];

    private static IEnumerable<string> Listed(string heading) => Page.Table(heading).Select(row => row[0]);

    private static string[] Constants(Type type) => [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)];
}
