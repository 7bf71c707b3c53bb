using System.Reflection;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>What the pages about operations, backups and restores have in common: every field, phase and reason, and examples that are samples.</summary>
/// <param name="file">The page.</param>
/// <param name="plural">Plural of the kind, which the definition's file and the folder of samples are named by.</param>
/// <param name="phases">Every phase of the kind.</param>
public abstract class ProcedurePageTests(string file, string plural, string[] phases)
{
    private protected MarkdownPage Page { get; } = new(file);

    /// <summary>Every reason that the page explains; of a row that has several, each.</summary>
    protected abstract IEnumerable<string> Reasons { get; }

    [Fact]
    public void Every_reason_is_listed_and_no_other() => Listed("Reasons").SelectMany(row => row.Split("`, `")).ShouldBe(Reasons, ignoreOrder: true);

    [Fact]
    public void Every_phase_is_listed() => Listed("Phases").ShouldBe(phases, ignoreOrder: true);

    [Fact]
    public void Phases_of_a_reason_are_phases() => Page.Table("Reasons").SelectMany(row => row[1].Split(", ")).Distinct().Except(phases).ShouldBeEmpty();

    [Fact]
    public void Every_field_is_listed()
    {
        var definition = YamlFiles.Read("crds", $"family-assistant.io_familyassistant{plural}.yaml").Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!;
        var fields = Leaves(definition["spec"]!, "spec").Concat(definition["status"]!["properties"]!.AsObject().Select(field => $"status.{field.Key}"));

        Page.Table("Fields").SelectMany(row => row[0].Split("`, `")).ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public void Its_examples_are_samples_that_the_tests_apply()
    {
        var samples = YamlFiles.Under($"deploy/samples/{plural}").Select(path => YamlFiles.Read(path).Single()).ToList();
        var kind = (string?)samples[0]["kind"];
        var examples = Page.Blocks("yaml").SelectMany(block => YamlFiles.Parse(block.Text)).Where(document => (string?)document["kind"] == kind).Select(document => document.ToJsonString()).ToHashSet();

        examples.Count.ShouldBeGreaterThan(1);
        examples.ShouldBeSubsetOf(samples.Select(sample => sample.ToJsonString()));
    }

    private protected IEnumerable<string> Listed(string heading) => Page.Table(heading).Select(row => row[0]);

    private protected static IEnumerable<string> Constants(params Type[] types) => types.SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!).Distinct();

    private static IEnumerable<string> Leaves(JsonNode schema, string path) => schema["properties"] is JsonObject members
        ? members.SelectMany(member => Leaves(member.Value!, $"{path}.{member.Key}"))
        : [path];
}
