using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Architecture;

/// <summary>Every concern is read the same way: what it observes and does, what it decides, what it wants, how it calls what it finds.</summary>
public sealed partial class ConcernShapeTests
{
    private const string Concerns = "src/FamilyAssistant.Operator/Concerns";

    /// <summary>The concern of a kind of procedure alone: it has no word in an instance's status, and its files are named after one of these objects.</summary>
    private const string OfAKind = "Restores";

    public static TheoryData<string> Names => [.. SourceTree.FoldersOf(Concerns)];

    public static TheoryData<string> WithStep => [.. SourceTree.FoldersOf(Concerns).Where(concern => concern != OfAKind)];

    [Fact]
    public void The_concern_of_a_kind_has_the_kind_its_handler_a_plan_reasons_and_its_registration()
    {
        string[] files = [.. SourceTree.CSharpOf($"{Concerns}/{OfAKind}").Select(file => file.Name)];

        foreach (var name in (string[])["RestoreKind", "RestoreHandler", "RestorePlan", "RestoreReasons", "RestoresServices"])
        {
            files.ShouldContain(name);
        }

        TypesOf(OfAKind).ShouldNotContain(type => type.IsAssignableTo(typeof(IInstanceStep)));
    }

    [Theory]
    [MemberData(nameof(WithStep))]
    public void A_concern_has_a_step_a_plan_reasons_and_its_registration(string concern)
    {
        string[] files = [.. SourceTree.CSharpOf($"{Concerns}/{concern}").Select(file => file.Name)];

        foreach (var shape in (string[])["Step", "Plan", "Reasons", "Services"])
        {
            files.ShouldContain(concern + shape);
        }
    }

    [Theory]
    [MemberData(nameof(WithStep))]
    public void A_concern_has_exactly_one_step_with_a_condition_of_its_own(string concern)
    {
        var step = TypesOf(concern).Where(type => type.IsAssignableTo(typeof(IInstanceStep))).ShouldHaveSingleItem();

        step.Name.ShouldBe(concern + "Step");
        ConditionTypesByName.Values.ShouldContain(ConditionOf(step));
    }

    [Fact]
    public void No_two_concerns_speak_of_the_same_condition() =>
        SourceTree.FoldersOf(Concerns)
            .SelectMany(TypesOf).Where(type => type.IsAssignableTo(typeof(IInstanceStep))).Select(ConditionOf)
            .ShouldBe(ConditionTypesByName.Values.Except([ConditionTypes.Ready, ConditionTypes.Reconciling, ConditionTypes.Stalled]), ignoreOrder: true);

    [Fact]
    public void The_order_has_every_step_exactly_once()
    {
        var steps = SourceTree.FoldersOf(Concerns).SelectMany(TypesOf).Where(type => type.IsAssignableTo(typeof(IInstanceStep))).ToArray();
        var constructor = typeof(InstancePipeline).GetConstructors().ShouldHaveSingleItem();
        var pipeline = (InstancePipeline)constructor.Invoke([.. constructor.GetParameters().Select(parameter => RuntimeHelpers.GetUninitializedObject(parameter.ParameterType))]);

        pipeline.Stages.Select(stage => stage.Step.GetType()).ShouldBe(steps, ignoreOrder: true);
    }

    [Fact]
    public void Every_action_has_exactly_one_handler_in_a_file_of_its_own_in_a_concern()
    {
        var handlers = Handlers.ToDictionary(handler => handler, ActionOf);

        handlers.Values.ShouldBe(Enum.GetValues<OperationAction>(), ignoreOrder: true);
        handlers.Keys.Select(handler => handler.Name).Except(SourceTree.CSharpOf(Concerns).Select(file => file.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_handler_is_registered_by_its_concern() =>
        Handlers.Where(handler => !SourceTree.CSharpOf($"{Concerns}/{handler.Namespace!.Split('.')[^1]}").Any(file => file.Code.Contains($"AddSingleton<IOperationHandler, {handler.Name}>()", StringComparison.Ordinal)))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_concern_names_no_other_concern(string concern)
    {
        var foreign = SourceTree.FoldersOf(Concerns).Where(other => other != concern).SelectMany(other => TypesOf(other).Select(type => $"{other}.{type.Name}")).ToHashSet();

        SourceTree.CSharpOf($"{Concerns}/{concern}")
            .SelectMany(file => Qualified().Matches(file.Code)
                .Where(match => match.Groups["concern"].Value != concern && (match.Groups["full"].Success || foreign.Contains(match.Groups["relative"].Value)))
                .Select(match => $"{file} names {match.Value}"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Only_steps_handlers_and_kinds_wait() =>
        SourceTree.CSharpOf(Concerns)
            .Where(file => file.Name.Split('.')[0] is var name && !name.EndsWith("Step", StringComparison.Ordinal) && !name.EndsWith("Handler", StringComparison.Ordinal) && !name.EndsWith("Kind", StringComparison.Ordinal))
            .SelectMany(file => Waiting().Matches(file.Code).Select(match => $"{file}: {match.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void Plans_and_manifests_call_no_port_and_read_no_clock()
    {
        var ports = typeof(IDatabaseMonitor).Assembly.GetTypes().Where(type => type.Namespace == typeof(IDatabaseMonitor).Namespace)
            .Concat(typeof(IClusterApi).Assembly.GetTypes())
            .Where(type => type.IsInterface).Select(type => type.Name.Split('`')[0])
            .Append(nameof(TimeProvider)).ToHashSet();

        SourceTree.CSharpOf(Concerns)
            .Where(file => file.Name.EndsWith("Plan", StringComparison.Ordinal) || file.Name.EndsWith("Manifest", StringComparison.Ordinal))
            .SelectMany(file => Identifier().Matches(file.Code).Where(match => ports.Contains(match.Value)).Select(match => $"{file} names {match.Value}"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Reasons_of_outcomes_are_constants_so_that_the_documentation_can_be_held_to_them() =>
        SourceTree.CSharpOf("src/FamilyAssistant.Operator")
            .SelectMany(file => LiteralReason().Matches(file.Text).Select(match => $"{file}: {match.Value}"))
            .ShouldBeEmpty();

    private static Dictionary<string, string> ConditionTypesByName => typeof(ConditionTypes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(constant => constant.Name, constant => (string)constant.GetRawConstantValue()!);

    private static IEnumerable<Type> TypesOf(string concern) => typeof(IInstanceStep).Assembly.GetTypes()
        .Where(type => type.Namespace == $"FamilyAssistant.Operator.Concerns.{concern}" && !type.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static IEnumerable<Type> Handlers => typeof(IOperationHandler).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IOperationHandler)));

    private static OperationAction ActionOf(Type handler) => ((IOperationHandler)RuntimeHelpers.GetUninitializedObject(handler)).Action;

    /// <summary>The condition is a constant, so no step has to be made to ask for it.</summary>
    private static string ConditionOf(Type step) => ((IInstanceStep)RuntimeHelpers.GetUninitializedObject(step)).Condition;

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifier();

    /// <summary>Another namespace is reached by its full name, in a using as well, or by a name relative to the concerns' own.</summary>
    [GeneratedRegex(@"(?<full>\bConcerns\.(?<concern>\w+))|(?<![\w.])(?<relative>(?<concern>[A-Z]\w+)\.[A-Z]\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\bawait\b|\basync\b|\b(Value)?Task\b")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"new (StepOutcome\.)?(Settled|Progressing|Degraded|Blocked|Faulted)\(\s*""\w+""")]
    private static partial Regex LiteralReason();
}
