using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.Node;
using FamilyAssistant.Operator.LocalCluster.Telegram;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>
/// Says whether a bot had two pollers, by four witnesses that do not know of each other: Telegram's view of overlapping polls, its answers of 409, the
/// node's account of which processes had which token, and the order of revisions of pods, tokens and claims.
/// </summary>
internal static class SoakWitness
{
    /// <summary>One line for each thing that must not be.</summary>
    public static IReadOnlyList<string> FaultsOf(Cluster cluster, IEnumerable<Sighting> sightings, IReadOnlyCollection<long> bots) =>
    [
        .. cluster.Telegram.Overlaps.Where(overlap => bots.Contains(overlap.BotId)).Select(overlap => $"{overlap.At:HH:mm:ss.fff} bot {overlap.BotId} was polled by {overlap.Earlier.UserAgent} and by {overlap.Later.UserAgent}"),
        .. bots.Where(bot => cluster.Telegram.ConflictCount(bot) > 0).Select(bot => $"bot {bot}: {cluster.Telegram.ConflictCount(bot)} answers of 409"),
        .. bots.SelectMany(bot => OverlapsOf([.. RunsOf(cluster, bot)]).Select(pair => $"bot {bot}: {Name(pair.One)} and {Name(pair.Other)} ran with its token")),
        .. FenceCheck.FaultsOf(sightings),
    ];

    /// <summary>Containers that were started with a token of a bot, in order.</summary>
    public static IEnumerable<ContainerInterval> RunsOf(Cluster cluster, long bot) =>
        cluster.Node.ContainerRuns.Where(run => run.Environment.GetValueOrDefault("TELEGRAM_BOT_TOKEN") is { } token && BotToken.Parse(token)?.BotId == bot);

    private static IEnumerable<(ContainerInterval One, ContainerInterval Other)> OverlapsOf(IReadOnlyList<ContainerInterval> runs) =>
        from first in Enumerable.Range(0, runs.Count)
        from second in Enumerable.Range(first + 1, runs.Count - first - 1)
        where runs[first].Overlaps(runs[second])
        select (runs[first], runs[second]);

    private static string Name(ContainerInterval run) => $"{run.Namespace}/{run.Pod} ({run.Start:HH:mm:ss.fff} to {run.End:HH:mm:ss.fff})";
}
