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
    private const int Seeds = 40;
    private const int Steps = 120;
    private const int Leaders = 4;

    /// <summary>More than a pass has.</summary>
    private const int MostRequests = 10;

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

    public static TheoryData<string, bool> Events
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var kind in Meddling.Keys)
            {
                rows.Add(kind, false);
                rows.Add(kind, true);
            }

            return rows;
        }
    }

    /// <summary>
    /// One leader is stopped after any of its requests, somebody edits or deletes, a second leader is stopped after any of its own, another instance asks for the bot, and then both go on
    /// or are dead. From an instance that has not claimed its bot yet, and from one that is about to give it up.
    /// </summary>
    [Theory]
    [MemberData(nameof(Events))]
    public async Task Between_any_two_requests_of_two_leaders(string kind, bool releases)
    {
        for (var first = 0; first < MostRequests; first++)
        {
            for (var second = 0; second < MostRequests; second++)
            {
                try
                {
                    await RunAsync(first, second, Meddling[kind], releases, dies: (first + second) % 3 == 0);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"{first} and {second} requests: {error.Message}", error);
                }
            }
        }
    }

    private static readonly Dictionary<string, Action<BotTown>> Meddling = new()
    {
        ["another bot"] = town => town.SetToken("a", TelegramWorld.OtherBot),
        ["another token of the bot"] = town => town.SetToken("a", TelegramWorld.SameBot),
        ["no token"] = town => town.SetToken("a", null),
        ["the same token"] = town => town.SetToken("a", TelegramWorld.Token),
        ["deleted"] = town => town.Delete("a"),
        ["gone without a trace and made again"] = town =>
        {
            town.Cluster.Drop(Kinds.Instance, BotTown.Key("a"));
            town.PutInstance("a");
        },
    };

    private static async Task RunAsync(int first, int second, Action<BotTown> meddle, bool releases, bool dies)
    {
        var town = new BotTown();
        town.SetToken("b", null);
        if (releases)
        {
            await town.SettleAsync();
            town.SetToken("a", null);
            town.End("a");
        }

        town.SetToken("b", TelegramWorld.Token);
        var one = new Leader(town);
        one.Begin("a");
        one.Go(first);
        meddle(town);
        var other = new Leader(town);
        other.Begin("a");
        other.Go(second);
        town.Check();
        await town.AnswerAsync("b");
        if (!dies)
        {
            one.Go(MostRequests);
            await town.AnswerAsync("b");
            other.Go(MostRequests);
        }

        await AssertEndAsync(town);
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

        await AssertEndAsync(town);
    }

    /// <summary>However it went, in the end each bot that somebody wants has one poller.</summary>
    private static async Task AssertEndAsync(BotTown town)
    {
        await town.SettleAsync();
        foreach (var bot in (string[])["123456", "777"])
        {
            string[] wanting = [.. BotTown.Names.Where(name => town.TokenOf(name)?.StartsWith(bot + ":", StringComparison.Ordinal) == true && town.Cluster.Look(Kinds.Instance, BotTown.Key(name)) is not null)];
            town.PollersOf(bot).Count.ShouldBe(Math.Min(1, wanting.Length), $"bot {bot} is wanted by {string.Join(", ", wanting)}");
        }
    }

    /// <summary>A process that works on one instance after the other, request by request. It may die between any two.</summary>
    private sealed class Leader(BotTown town)
    {
        private TaskCompletionSource? _turn;
        private Task _pass = Task.CompletedTask;

        /// <summary>Begins a pass; one that was not at its end is never heard of again.</summary>
        public void Begin(string name)
        {
            _turn = null;
            _pass = town.PassAsync(name, TurnOf());
            Throw();
        }

        /// <summary>Lets it make this many requests, if it has as many.</summary>
        public void Go(int requests)
        {
            for (; requests > 0 && _turn is { } waiting; requests--)
            {
                _turn = null;
                waiting.SetResult();
                Throw();
                town.Check();
            }
        }

        public void Step(Random random)
        {
            if (_turn is null || random.Next(12) == 0)
            {
                Begin(BotTown.Names[random.Next(BotTown.Names.Length)]);
            }
            else
            {
                Go(1);
            }
        }

        private void Throw()
        {
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
