using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Tests.Api;
using FamilyAssistant.Operator.Tests.Architecture;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Documentation;

/// <summary>The list of conditions, phases and events is a contract with people and their scripts: it is whole, and nothing on it is invented.</summary>
public sealed partial class ConditionsPageTests
{
    private const string Concerns = "src/FamilyAssistant.Operator/Concerns";
    private const string Summary = "Ready, Reconciling and Stalled";
    private const string Common = "Reasons of every concern";
    private static readonly MarkdownPage Page = new("docs/conditions.md");

    /// <summary>Restores have a page of their own and no condition of an instance.</summary>
    public static TheoryData<string> ConcernNames => [.. SourceTree.FoldersOf(Concerns).Where(concern => concern != "Restores")];

    [Theory]
    [MemberData(nameof(ConcernNames))]
    public void The_section_of_a_concerns_condition_has_exactly_its_reasons(string concern) =>
        Listed(ConditionOf(concern)).ShouldBe(Constants(ReasonsOf(concern)).Values.Distinct(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(ConcernNames))]
    public void The_page_says_True_of_the_reasons_of_settled_outcomes_and_of_no_other(string concern)
    {
        var reasons = Constants(ReasonsOf(concern));
        var settled = SourceTree.CSharpOf($"{Concerns}/{concern}").SelectMany(file => SettledReason().Matches(file.Code)).Select(match => reasons[match.Groups[1].Value]).ToHashSet();

        settled.ShouldNotBeEmpty();
        Page.Table(ConditionOf(concern)).Where(row => row[1].StartsWith("True", StringComparison.Ordinal)).Select(row => row[0]).ShouldBe(settled, ignoreOrder: true);
    }

    [Fact]
    public void The_reasons_that_several_conditions_have_are_listed_once()
    {
        string[] summaryOnly = [CommonReasons.Unreadable];
        Listed("Reasons of pods").ShouldBe(Constants(typeof(PodReasons)).Values, ignoreOrder: true);
        Listed(Common).ShouldBe(Constants(typeof(CommonReasons)).Values.Except(summaryOnly), ignoreOrder: true);
        Listed(Summary).ShouldBe([.. Constants(typeof(SummaryReasons)).Values, .. summaryOnly, CommonReasons.InvalidSpec, Phases.Deleting, Phases.Stopped], ignoreOrder: true);
    }

    [Fact]
    public void No_reason_is_declared_that_nothing_uses()
    {
        Type[] types = [.. typeof(CommonReasons).Assembly.GetTypes().Where(type => type.Name.EndsWith("Reasons", StringComparison.Ordinal))];
        var users = string.Join('\n', SourceTree.Product.Where(file => types.All(type => type.Name != file.Name)).Select(file => file.Code));

        types.Length.ShouldBeGreaterThan(5);
        types.SelectMany(type => Constants(type).Keys.Select(name => $"{type.Name}.{name}"))
            // The port has words of its own that the concern only passes on.
            .Where(name => !Regex.IsMatch(users, $@"\b{name}\b") && !Regex.IsMatch(users, $@"\b{name.Replace("DatabaseReasons", "DatabaseFailures", StringComparison.Ordinal)}\b"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Phases_are_those_of_the_page_and_of_the_definition()
    {
        var phases = Constants(typeof(Phases)).Values.Distinct().ToArray();
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantinstances.yaml").Single()["spec"]!["versions"]![0]!;
        var description = (string)definition["schema"]!["openAPIV3Schema"]!["properties"]!["status"]!["properties"]!["phase"]!["description"]!;

        Listed("Phases").ShouldBe(phases, ignoreOrder: true);
        phases.Where(phase => !description.Contains(phase, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Events_are_those_of_the_page_with_their_type()
    {
        var events = Constants(typeof(EventReasons));
        var files = SourceTree.CSharpOf("src/FamilyAssistant.Operator").ToArray();

        Page.Table("Events").ToDictionary(row => row[0], row => row[1])
            .ShouldBe(events.ToDictionary(reason => reason.Value, reason => TypeOf(reason.Key, files)), ignoreOrder: true);
    }

    [Fact]
    public void Reasons_of_events_are_constants_so_that_the_page_can_be_held_to_them() =>
        SourceTree.CSharpOf("src/FamilyAssistant.Operator").SelectMany(file => LiteralEvent().Matches(file.Text).Select(match => $"{file}: {match.Value}")).ShouldBeEmpty();

    [Fact]
    public void Columns_are_those_of_the_definition()
    {
        var definition = YamlFiles.Read("crds", "family-assistant.io_familyassistantinstances.yaml").Single()["spec"]!["versions"]![0]!;

        Page.Table("Columns of kubectl get fai").Select(row => (row[0], row[2] == "yes")).ShouldBe(
            definition["additionalPrinterColumns"]!.AsArray().Select(column => (((string)column!["name"]!).ToUpperInvariant(), column["priority"] is not null)));
    }

    private static IEnumerable<string> Listed(string heading) => Page.Table(heading).Select(row => row[0]);

    /// <summary>Those of procedures are named once for each kind, in the order of <see cref="ProcedureEvents"/>.</summary>
    private static string TypeOf(string reason, IReadOnlyCollection<SourceFile> files) =>
        files.SelectMany(file => EventsOfKind().Matches(file.Code)).Select(kind => kind.Groups.Values.Skip(1).Select(group => group.Value).ToList()).FirstOrDefault(kind => kind.Contains(reason)) is { } announced
            ? announced.IndexOf(reason) == 2 ? "Warning" : "Normal"
            : RecordedTypeOf(reason, files);

    private static string RecordedTypeOf(string reason, IEnumerable<SourceFile> files) => string.Join('/', files
        .Where(file => Regex.IsMatch(file.Code, $@"EventReasons\.{reason}\b"))
        .SelectMany(file => Regex.Matches(file.Code, $@"EventSeverity\.(\w+),\s*EventReasons\.{reason}\b") is { Count: > 0 } direct ? direct : DecidedEvent().Matches(file.Code))
        .Select(match => match.Groups[1].Value).Distinct());

    private static Dictionary<string, string> Constants(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType == typeof(string))
        .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    private static Type ReasonsOf(string concern) => TypeOf($"{concern}Reasons", concern);

    private static string ConditionOf(string concern) => ((IInstanceStep)RuntimeHelpers.GetUninitializedObject(TypeOf($"{concern}Step", concern))).Condition;

    private static Type TypeOf(string name, string concern) => typeof(IInstanceStep).Assembly.GetType($"FamilyAssistant.Operator.Concerns.{concern}.{name}", throwOnError: true)!;

    [GeneratedRegex(@"\bSettled\(\s*\w+Reasons\.(\w+)")]
    private static partial Regex SettledReason();

    [GeneratedRegex(@"ProcedureEvents Events .*new\(EventReasons\.(\w+), EventReasons\.(\w+), EventReasons\.(\w+),")]
    private static partial Regex EventsOfKind();

    [GeneratedRegex(@"EventSeverity\.\w+,\s*""")]
    private static partial Regex LiteralEvent();

    /// <summary>The reason was chosen before, as one of several.</summary>
    [GeneratedRegex(@"EventSeverity\.(\w+),\s*reason\b")]
    private static partial Regex DecidedEvent();
}
