using System.Reflection;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The page about operations has every action, field, phase and reason, and its examples are the samples.</summary>
public sealed class OperationsPageTests
{
    private static readonly string[] Phases = [ProcedurePhases.Pending, ProcedurePhases.Running, ProcedurePhases.Succeeded, ProcedurePhases.Failed];

    private static readonly MarkdownPage Page = new("docs/operations.md");

    [Fact]
    public void Every_action_is_listed() => Listed("Actions").ShouldBe(Enum.GetNames<OperationAction>(), ignoreOrder: true);

    [Fact]
    public void Every_reason_is_listed_and_no_other() => Listed("Reasons").ShouldBe([.. Constants(typeof(ProcedureReasons)), .. Constants(typeof(OperationReasons))], ignoreOrder: true);

    [Fact]
    public void Every_phase_is_listed() => Listed("Phases").ShouldBe(Phases, ignoreOrder: true);

    [Fact]
    public void Phases_of_a_reason_are_phases() =>
        Page.Table("Reasons").SelectMany(row => row[1].Split(", ")).Distinct().ShouldBe(Phases, ignoreOrder: true);

    [Fact]
    public void Every_field_is_listed()
    {
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantoperations.yaml").Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        var fields = Leaves(definition["spec"]!, "spec").Concat(definition["status"]!["properties"]!.AsObject().Select(field => $"status.{field.Key}"));

        Page.Table("Fields").SelectMany(row => row[0].Split("`, `")).ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public void Its_examples_are_samples_that_the_tests_apply()
    {
        var samples = YamlFiles.Under("deploy/samples/operations").Select(path => YamlFiles.Read(path).Single().ToJsonString()).ToHashSet();
        var examples = Page.Blocks("yaml").SelectMany(block => YamlFiles.Parse(block.Text)).Where(document => document["kind"] is not null).ToList();

        examples.Count.ShouldBeGreaterThan(2);
        examples.ShouldAllBe(example => samples.Contains(example.ToJsonString()));
    }

    private static IEnumerable<string> Leaves(JsonNode schema, string path) => schema["properties"] is JsonObject members
        ? members.SelectMany(member => Leaves(member.Value!, $"{path}.{member.Key}"))
        : [path];

    private static IEnumerable<string> Listed(string heading) => Page.Table(heading).Select(row => row[0]);

    private static string[] Constants(Type type) => [.. type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)];
}
