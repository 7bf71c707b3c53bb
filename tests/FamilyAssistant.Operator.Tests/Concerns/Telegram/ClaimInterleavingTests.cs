using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>
/// Several leaders, each with caches of another moment, people who edit, delete and make again, and a slow cluster: in every order in which their requests may come the
/// invariants hold after each of them. An order is drawn from a seed, so a failure can be played again.
/// </summary>
public sealed class ClaimInterleavingTests
{
    private const int Seeds = 120;
    private const int Steps = 120;
    private const int Leaders = 4;

    [Fact]
    public async Task In_every_order_of_requests_a_bot_is_polled_only_by_who_has_its_claim()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await RunAsync(seed);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var town = new BotTown();
        var leaders = Enumerable.Range(0, Leaders).Select(_ => new Leader(town)).ToArray();
        for (var step = 0; step < Steps; step++)
        {
            var choice = random.Next(20);
            if (choice == 0)
            {
                town.Meddle(random);
            }
            else if (choice < 7)
            {
                town.Tick(random);
            }
            else
            {
                // Some run for long without a pause of the others, some wait for long: both happen.
                var leader = leaders[random.Next(Leaders)];
                for (var requests = random.Next(1, 6); requests > 0; requests--)
                {
                    leader.Step(random);
                    town.Check();
                }
            }

            town.Check();
        }

        await town.SettleAsync();
        foreach (var bot in (string[])["123456", "777"])
        {
            var wanting = BotTown.Names.Where(name => town.TokenOf(name)?.StartsWith(bot + ":", StringComparison.Ordinal) == true && town.Cluster.Look(Kinds.Instance, BotTown.Key(name)) is not null).ToArray();
            town.PollersOf(bot).Count.ShouldBe(Math.Min(1, wanting.Length), $"bot {bot} is wanted by {string.Join(", ", wanting)}");
        }
    }

    /// <summary>A process that works on one instance after the other, request by request. It may die between any two.</summary>
    private sealed class Leader(BotTown town)
    {
        private TaskCompletionSource? _turn;
        private Task _pass = Task.CompletedTask;

        public void Step(Random random)
        {
            if (_turn is { } waiting && random.Next(12) > 0)
            {
                _turn = null;
                waiting.SetResult();
            }
            else
            {
                // The pass before, if it was not at its end, is never heard of again.
                _turn = null;
                _pass = town.PassAsync(BotTown.Names[random.Next(BotTown.Names.Length)], TurnOf());
            }

            if (_pass is { IsFaulted: true, Exception.InnerException: var error and not ClusterApiException })
            {
                throw new InvalidOperationException(error!.ToString());
            }
        }

        private Func<Task> TurnOf() => () =>
        {
            _turn = new TaskCompletionSource();
            return _turn.Task;
        };
    }
}
