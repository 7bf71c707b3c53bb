using System.Globalization;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>Does the steps of a seed and keeps the journal.</summary>
internal sealed class SoakRun(SoakWorld world, int seed)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly List<string> _journal = [];
    private readonly SortedDictionary<string, int> _done = new(StringComparer.Ordinal);

    /// <summary>What was done when: with the seed, all that is needed to do it again.</summary>
    public string Journal => $"seed {seed}; instances are {string.Join(", ", world.Instances.Select((instance, number) => $"{number}={instance.Instance.Namespace}/{instance.Instance.Name}"))}\n{string.Join('\n', _journal)}";

    /// <summary>How many steps of which kind there were, and how long they took.</summary>
    public string Summary => string.Create(CultureInfo.InvariantCulture, $"{_done.Values.Sum()} steps in {TimeProvider.System.GetElapsedTime(_started).TotalSeconds:F0} s with seed {seed}: {string.Join(", ", _done.OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}"))}");

    /// <summary>Does them all; afterwards everything is wanted again and nothing is settled yet.</summary>
    public async Task<SoakModel> RunAsync(int steps)
    {
        var model = new SoakModel(SoakWorld.InstanceCount, SoakWorld.OperatorCount);
        foreach (var step in SoakPlan.Beginning(model, SoakWorld.Bots))
        {
            await DoAsync(step, step.ToString());
        }

        foreach (var move in SoakPlan.Moves(seed, steps, model, SoakWorld.Bots))
        {
            await DoAsync(move.Step, move.ToString());
            await PauseAsync(move);
        }

        foreach (var step in SoakPlan.End(seed, model, SoakWorld.Bots))
        {
            if (step is SoakStep.Create(var instance) && await world.Instances[instance].Instance.FindAsync() is { Metadata.DeletionTimestamp: not null })
            {
                await world.Instances[instance].PauseAsync(isPaused: false);
                await world.Instances[instance].Instance.WaitUntilGoneAsync();
            }

            await DoAsync(step, step.ToString());
        }

        return model;
    }

    private async Task DoAsync(SoakStep step, string line)
    {
        _journal.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds,6:F1} s {line}"));
        _done[step.GetType().Name] = _done.GetValueOrDefault(step.GetType().Name) + 1;
        if (await TakeAsync(step) is { } remark)
        {
            _journal[^1] += $" ({remark})";
        }
    }

    /// <summary>Null, or why there was nothing to do.</summary>
    private async Task<string?> TakeAsync(SoakStep step)
    {
        switch (step)
        {
            case SoakStep.EnterToken(var instance, var bot, var edition):
                await world.Instances[instance].EnterTokenAsync(SoakWorld.Id(bot), edition);
                return null;
            case SoakStep.SwapTokens(var one, var other, var bot, var otherBot, var edition):
                await world.Instances[one].EnterTokenAsync(SoakWorld.Id(bot), edition);
                await world.Instances[other].EnterTokenAsync(SoakWorld.Id(otherBot), edition);
                return null;
            case SoakStep.RemoveToken(var instance):
                await world.Instances[instance].RemoveTokenAsync();
                return null;
            case SoakStep.EnterNonsense(var instance):
                await world.Instances[instance].EnterAsync("TELEGRAM_BOT_TOKEN", "not a token");
                return null;
            case SoakStep.DeleteSecret(var instance):
                await world.Instances[instance].DeleteSecretAsync();
                return null;
            case SoakStep.EnterKey(var instance, var edition):
                await world.Instances[instance].EnterAsync("CALDAV_PASSWORD", string.Create(CultureInfo.InvariantCulture, $"edition {edition}"));
                return null;
            case SoakStep.Delete(var instance, var foreground):
                await world.Instances[instance].DeleteAsync(foreground);
                return null;
            case SoakStep.Create(var instance):
                return await world.Instances[instance].CreateAsync() ? null : "there already";
            case SoakStep.Scale(var instance, var replicas):
                await world.Instances[instance].ScaleAsync(replicas);
                return null;
            case SoakStep.Pause(var instance, var isPaused):
                await world.Instances[instance].PauseAsync(isPaused);
                return null;
            case SoakStep.Operate(var instance, var action):
                await world.Instances[instance].OperateAsync(action);
                return null;
            case SoakStep.DeleteFence(var instance):
                await world.Instances[instance].DeleteFenceAsync();
                return null;
            case SoakStep.DrainPod(var instance, var grace):
                await world.Instances[instance].DrainPodAsync(grace);
                return null;
            case SoakStep.KillContainer(var instance):
                world.Instances[instance].KillContainer();
                return null;
            default:
                await DisturbAsync(step);
                return null;
        }
    }

    private async Task DisturbAsync(SoakStep step)
    {
        switch (step)
        {
            case SoakStep.StartOperator(var number):
                await world.Operators.StartAsync(number);
                break;
            case SoakStep.KillOperator(var number):
                await world.Operators.KillAsync(number);
                break;
            case SoakStep.FreezeOperator(var number):
                world.Operators.Freeze(number);
                break;
            case SoakStep.ThawOperator(var number):
                world.Operators.Thaw(number);
                break;
            case SoakStep.CrashApiServer:
                await world.Cluster.CrashApiServerAsync(TestContext.Current.CancellationToken);
                break;
            default:
                throw new InvalidOperationException($"no step of a soak: {step}");
        }
    }

    private async Task PauseAsync(SoakMove move)
    {
        if (move.Pause == SoakPause.Polled)
        {
            for (var started = TimeProvider.System.GetTimestamp(); move.Bot is { } bot && TimeProvider.System.GetElapsedTime(started) < move.Limit && world.Cluster.Telegram.ActivePoller(SoakWorld.Id(bot)) is null;)
            {
                await Task.Delay(PollInterval, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
        else if (move.Pause != SoakPause.None)
        {
            await world.Instances[move.Instance].WaitForAsync(move.Pause, move.Limit);
        }
    }
}
