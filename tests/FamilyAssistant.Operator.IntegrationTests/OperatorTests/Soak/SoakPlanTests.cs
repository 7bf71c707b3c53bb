using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

public sealed class SoakPlanTests
{
    [Fact]
    public void The_same_seed_gives_the_same_steps_and_another_one_others()
    {
        Lines(7).ShouldBe(Lines(7));
        Lines(7).ShouldNotBe(Lines(8));
    }

    [Fact]
    public void Every_kind_of_step_and_of_pause_comes_up()
    {
        var moves = Moves(1, 3000).ToList();

        moves.Select(move => move.Step.GetType()).Distinct().ShouldBe(typeof(SoakStep).GetNestedTypes(System.Reflection.BindingFlags.NonPublic), ignoreOrder: true);
        moves.Select(move => move.Pause).Distinct().ShouldBe(Enum.GetValues<SoakPause>(), ignoreOrder: true);
    }

    [Fact]
    public void At_the_end_everything_runs_and_every_bot_is_wanted()
    {
        var model = new SoakModel(5, 2);
        SoakPlan.Beginning(model, 3);
        _ = SoakPlan.Moves(3, 200, model, 3).Count();

        SoakPlan.End(3, model, 3);

        model.Instances.ShouldAllBe(instance => instance.Exists && !instance.IsPaused && !instance.IsStopped && instance.Bot != null);
        model.Instances.Select(instance => instance.Bot).Distinct().Count().ShouldBe(3);
        model.Operators.ShouldContain(process => process.Runs);
        model.Operators.ShouldAllBe(process => !process.IsFrozen);
    }

    private static string Lines(int seed) => string.Join('\n', Moves(seed, 200));

    private static IEnumerable<SoakMove> Moves(int seed, int count)
    {
        var model = new SoakModel(5, 2);
        SoakPlan.Beginning(model, 3);
        return SoakPlan.Moves(seed, count, model, 3);
    }
}
