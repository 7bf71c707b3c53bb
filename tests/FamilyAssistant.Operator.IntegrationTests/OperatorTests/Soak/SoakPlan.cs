using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>A step and the pause after it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Step">What is done.</param>
/// <param name="Pause">What is waited for afterwards.</param>
/// <param name="Instance">Of which instance.</param>
/// <param name="Bot">The bot that this instance wants then; null: none.</param>
/// <param name="Limit">For how long at most.</param>
internal sealed record SoakMove(int Number, SoakStep Step, SoakPause Pause, int Instance, int? Bot, TimeSpan Limit)
{
    public override string ToString() => $"{Number,4} {Step}{(Pause == SoakPause.None ? "" : $"; then {Instance} {Pause}, {Limit.TotalSeconds:F1} s")}";
}

/// <summary>All steps of a run, chosen before it by a seed alone.</summary>
internal static class SoakPlan
{
    private const int LongestPauseMilliseconds = 1500;

    /// <summary>Time for a pod to end and another one to start, so that there is something to be disturbed.</summary>
    private const int LongestRestMilliseconds = 8000;

    /// <summary>Each takes seconds, in which nothing else can happen.</summary>
    private const int StepsBetweenCrashesOfTheApiServer = 50;
    private static readonly OperationAction[] Actions = Enum.GetValues<OperationAction>();
    private static readonly SoakPause[] Pauses = [.. Enum.GetValues<SoakPause>(), SoakPause.Polled, SoakPause.Polled];

    /// <summary>The first steps: every instance with a bot, and one operator.</summary>
    /// <param name="model">Nothing exists in it; it follows the steps.</param>
    /// <param name="bots">Fewer than instances.</param>
    public static IReadOnlyList<SoakStep> Beginning(SoakModel model, int bots)
    {
        List<SoakStep> steps = [new SoakStep.StartOperator(0)];
        foreach (var instance in model.Instances)
        {
            steps.Add(new SoakStep.EnterToken(instance.Number, instance.Number % bots, Edition: 0));
            steps.Add(new SoakStep.Create(instance.Number));
        }

        steps.ForEach(model.Apply);
        return steps;
    }

    /// <summary>The random steps; lazily, and <paramref name="model"/> follows.</summary>
    public static IEnumerable<SoakMove> Moves(int seed, int count, SoakModel model, int bots)
    {
        // Not for secrets: the same numbers must come again.
        var random = new Random(seed);
        var lastCrash = 0;
        for (var number = 1; number <= count; number++)
        {
            var step = Choose(random, Candidates(random, model, bots, number, mayCrash: number - lastCrash >= StepsBetweenCrashesOfTheApiServer));
            model.Apply(step);
            lastCrash = step is SoakStep.CrashApiServer ? number : lastCrash;
            var pause = Pauses[random.Next(Pauses.Length)];
            var limit = TimeSpan.FromMilliseconds(random.Next(pause == SoakPause.Polled ? LongestRestMilliseconds : LongestPauseMilliseconds));
            var watched = Watched(random, model);
            yield return new SoakMove(number, step, pause, watched.Number, watched.Bot, limit);
        }
    }

    /// <summary>The last steps: whatever was stopped, paused, frozen or taken away is put back, and each instance wants a bot again.</summary>
    public static IReadOnlyList<SoakStep> End(int seed, SoakModel model, int bots)
    {
        var random = new Random(~seed);
        List<SoakStep> steps = [];
        foreach (var process in model.Operators)
        {
            SoakStep? step = process switch
            {
                { Runs: false, Number: 0 } => new SoakStep.StartOperator(process.Number),
                { Runs: true, IsFrozen: true } => new SoakStep.ThawOperator(process.Number),
                _ => null,
            };
            steps.AddRange(step is null ? [] : [step]);
        }

        foreach (var instance in model.Instances)
        {
            steps.Add(new SoakStep.EnterToken(instance.Number, instance.Number < bots ? instance.Number : random.Next(bots), Edition: int.MaxValue));
            steps.Add(new SoakStep.Create(instance.Number));
            steps.Add(new SoakStep.Pause(instance.Number, IsPaused: false));
            steps.Add(new SoakStep.Scale(instance.Number, 1));
        }

        steps.ForEach(model.Apply);
        return steps;
    }

    /// <summary>One that should run, if there is such a one.</summary>
    private static SoakModel.Instance Watched(Random random, SoakModel model)
    {
        var running = model.Instances.Where(instance => instance is { Exists: true, IsStopped: false, IsPaused: false, Bot: not null }).ToList();
        return running.Count > 0 ? running[random.Next(running.Count)] : model.Instances[random.Next(model.Instances.Count)];
    }

    private static SoakStep Choose(Random random, IReadOnlyList<(int Weight, SoakStep Step)> candidates)
    {
        var at = random.Next(candidates.Sum(candidate => candidate.Weight));
        foreach (var (weight, step) in candidates)
        {
            if ((at -= weight) < 0)
            {
                return step;
            }
        }

        throw new InvalidOperationException("no step is possible");
    }

    private static List<(int Weight, SoakStep Step)> Candidates(Random random, SoakModel model, int bots, int number, bool mayCrash)
    {
        var any = model.Instances[random.Next(model.Instances.Count)];
        var other = model.Instances[(any.Number + 1 + random.Next(model.Instances.Count - 1)) % model.Instances.Count];
        List<(int, SoakStep)> steps =
        [
            (6, new SoakStep.EnterToken(any.Number, random.Next(bots), number)),
            (3, new SoakStep.RemoveToken(any.Number)),
            (2, new SoakStep.EnterNonsense(any.Number)),
            (1, new SoakStep.DeleteSecret(any.Number)),
            (2, new SoakStep.EnterKey(any.Number, number)),
            (mayCrash ? 3 : 0, new SoakStep.CrashApiServer()),
            .. OfTokens(any, other, number),
            .. OfInstance(random, any),
            .. model.Operators.SelectMany(OfOperator),
        ];
        return steps;
    }

    private static IEnumerable<(int, SoakStep)> OfTokens(SoakModel.Instance any, SoakModel.Instance other, int number)
    {
        if (any.Bot is { } rotated)
        {
            yield return (6, new SoakStep.EnterToken(any.Number, rotated, number));
        }

        if (other.Bot is { } wanted && other.Bot != any.Bot)
        {
            yield return (8, new SoakStep.EnterToken(any.Number, wanted, number));
            if (any.Bot is { } given)
            {
                yield return (10, new SoakStep.SwapTokens(any.Number, other.Number, wanted, given, number));
            }
        }
    }

    private static IEnumerable<(int, SoakStep)> OfInstance(Random random, SoakModel.Instance any)
    {
        if (!any.Exists)
        {
            yield return (40, new SoakStep.Create(any.Number));
            yield break;
        }

        yield return (6, new SoakStep.Delete(any.Number, random.Next(3) == 0));
        yield return any.IsStopped ? (15, new SoakStep.Scale(any.Number, 1)) : (4, new SoakStep.Scale(any.Number, 0));
        yield return any.IsPaused ? (15, new SoakStep.Pause(any.Number, false)) : (3, new SoakStep.Pause(any.Number, true));
        yield return (6, new SoakStep.Operate(any.Number, Actions[random.Next(Actions.Length)]));
        yield return (2, new SoakStep.DeleteFence(any.Number));
        yield return (8, new SoakStep.DrainPod(any.Number, random.Next(1, 6)));
        yield return (8, new SoakStep.KillContainer(any.Number));
    }

    private static IEnumerable<(int, SoakStep)> OfOperator(SoakModel.Process process)
    {
        if (!process.Runs)
        {
            yield return (process.Number == 0 ? 25 : 5, new SoakStep.StartOperator(process.Number));
            yield break;
        }

        yield return (2, new SoakStep.KillOperator(process.Number));
        yield return process.IsFrozen ? (25, new SoakStep.ThawOperator(process.Number)) : (1, new SoakStep.FreezeOperator(process.Number));
    }
}
