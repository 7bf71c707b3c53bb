using System.Globalization;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// A bot never has two pollers, whatever happens in whatever order. <c>SOAK_SEED</c> chooses the steps of a run (default: new ones each time, the seed is
/// printed), <c>SOAK_STEPS</c> how many there are (default 200).
/// </summary>
public sealed class TelegramSoakTests(ClusterFixture fixture)
{
    private const int DefaultSteps = 200;
    private const int MostFaults = 40;
    private const int LeastStepsForAPoller = 20;
    private const long Rivals = 880_101;

    /// <summary>One word of each witness.</summary>
    private static readonly string[] Expected = ["was polled by", "answers of 409", "ran with its token", "could both have the token"];

    [Fact]
    public async Task Whatever_happens_a_bot_is_polled_once_and_in_the_end_by_one_of_those_who_want_it()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBECONFIG_E2E") is { Length: > 0 }, "an existing cluster is not ours to disturb");
        TestsThatRan.AddCurrent();
        var seed = Setting("SOAK_SEED") ?? Random.Shared.Next();
        var steps = Setting("SOAK_STEPS") ?? DefaultSteps;
        Console.Error.WriteLine($"soak: SOAK_SEED={seed}");
        await using var world = await SoakWorld.StartAsync();
        var run = new SoakRun(world, seed);
        List<string> faults = [];
        try
        {
            var model = await run.RunAsync(steps);
            await SoakEnd.WaitUntilSettledAsync(world, model);
        }
        catch (Exception unsettled) when (unsettled is TimeoutException or RefusedException)
        {
            // What the witnesses saw may be why.
            faults.Add(unsettled.Message);
        }

        faults.AddRange(SoakWitness.FaultsOf(world.Cluster, world.Sightings.All, SoakWorld.BotIds));
        faults.AddRange(world.Operators.UnexpectedEnds);
        faults.AddRange(await world.Operators.SurprisesAsync());
        Assert.True(faults.Count == 0, $"{faults.Count} faults\n{string.Join('\n', faults.Take(MostFaults))}\nSOAK_SEED={seed} does the same steps again:\n{run.Journal}");
        var pollers = SoakWorld.BotIds.Sum(bot => world.Cluster.Telegram.Pollers(bot).Count);
        Console.Error.WriteLine($"soak: {run.Summary}; {pollers} processes polled {SoakWorld.Bots} bots one after the other");
        pollers.ShouldBeGreaterThan(steps / LeastStepsForAPoller, "a soak in which hardly anything polls shows nothing");
    }

    [Fact]
    public async Task The_witnesses_notice_two_pollers()
    {
        fixture.Require(server => server.RunsPods && server.IsOwned, "the witnesses are parts of a cluster of this machine");
        TestsThatRan.AddCurrent();
        await using var ns = await fixture.CreateNamespaceAsync();
        await using var sightings = await SightingLog.StartAsync(fixture.Cluster.Access.KubeconfigFile);
        await using var first = await RivalPod.StartAsync(fixture, ns, "first", Rivals);
        await Wait.ForAsync(() => Task.FromResult(fixture.Cluster.Telegram.ActivePoller(Rivals) is not null), "the first poller");
        SoakWitness.FaultsOf(fixture.Cluster, Ours(sightings, ns), [Rivals]).ShouldHaveSingleItem().ShouldContain("whose claim nobody has");

        await using var second = await RivalPod.StartAsync(fixture, ns, "second", Rivals);

        await Wait.ForAsync(
            () => Task.FromResult(Expected.All(words => SoakWitness.FaultsOf(fixture.Cluster, Ours(sightings, ns), [Rivals]).Any(fault => fault.Contains(words, StringComparison.Ordinal)))),
            $"the witnesses to say {string.Join(", ", Expected)}");
    }

    /// <summary>Other tests have bots of their own.</summary>
    private static IEnumerable<Sighting> Ours(SightingLog sightings, TestNamespace ns) =>
        sightings.All.Where(sighting => sighting is Sighting.Complete || sighting.Key.StartsWith($"{ns}/", StringComparison.Ordinal));

    private static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
