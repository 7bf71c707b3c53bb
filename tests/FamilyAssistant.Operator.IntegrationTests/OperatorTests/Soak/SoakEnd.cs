using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>What must come to be, some time after the last disturbance.</summary>
internal static class SoakEnd
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Waits until each bot has one poller, everybody else who wants it says so, and each claim has its holder.</summary>
    public static async Task WaitUntilSettledAsync(SoakWorld world, SoakModel model)
    {
        var missing = await MissingAsync(world, model);
        await Wait.ForAsync(
            async () => (missing = await MissingAsync(world, model)).Count == 0,
            "everything to settle",
            Limit,
            async () => $"{string.Join('\n', missing)}\n{string.Join('\n', await Task.WhenAll(world.Instances.Select(instance => instance.Instance.DescribeAsync())))}");
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(SoakWorld world, SoakModel model)
    {
        List<string> missing = [];
        foreach (var bot in model.Instances.Select(instance => instance.Bot).OfType<int>().Distinct())
        {
            var wanting = model.Instances.Where(instance => instance.Bot == bot).Select(instance => world.Instances[instance.Number].Instance).ToList();
            missing.AddRange(await MissingAsync(world, SoakWorld.Id(bot), wanting));
        }

        return missing;
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(SoakWorld world, long bot, IReadOnlyList<TestInstance> wanting)
    {
        var running = SoakWitness.RunsOf(world.Cluster, bot).Where(run => run.End is null).ToList();
        if (running.Count != 1 || world.Cluster.Telegram.ActivePoller(bot) is null)
        {
            return [$"bot {bot} is polled by {running.Count} processes"];
        }

        List<string> missing = [];
        foreach (var instance in wanting)
        {
            var read = await instance.FindAsync();
            var exclusive = read is null ? null : TestInstance.Of(read, ConditionTypes.TelegramExclusive);
            var isHolder = running[0].Namespace == instance.Namespace && running[0].Pod == $"{instance.Name}-0";
            var isAsItShould = isHolder ? exclusive?.Status == "True" : exclusive is { Status: "False", Reason: "ClaimedByAnother" };
            missing.AddRange(isAsItShould ? [] : [$"{instance.Namespace}/{instance.Name}, which {(isHolder ? "polls" : "waits for")} bot {bot}, says {exclusive?.Status} {exclusive?.Reason}"]);
            if (isHolder)
            {
                missing.AddRange(await ClaimOfAsync(world, bot, $"{instance.Namespace}/{instance.Name}/{read?.Metadata.Uid}"));
            }
        }

        return missing;
    }

    private static async Task<IReadOnlyList<string>> ClaimOfAsync(SoakWorld world, long bot, string holder)
    {
        var claims = (await world.Bed.Objects.ListAsync(ResourceTypes.Lease, OperatorNames.Namespace))
            .Where(lease => ((string)lease["metadata"]!["name"]!).StartsWith(Sighting.ClaimPrefix, StringComparison.Ordinal))
            .ToDictionary(lease => (string)lease["metadata"]!["name"]!, lease => (string?)lease["spec"]?["holderIdentity"]);
        var found = claims.GetValueOrDefault($"{Sighting.ClaimPrefix}{bot}");
        return
        [
            .. found == holder ? Array.Empty<string>() : [$"the claim of bot {bot} is held by {found ?? "nobody"}, not by {holder}"],
            .. claims.Keys.Except(SoakWorld.BotIds.Select(id => $"{Sighting.ClaimPrefix}{id}")).Select(left => $"the claim {left} is of no bot here"),
        ];
    }
}
