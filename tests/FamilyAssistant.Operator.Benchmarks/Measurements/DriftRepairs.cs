using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>Deletes one child after another, of three kinds in turn, and sees how soon it is back.</summary>
internal static class DriftRepairs
{
    private static readonly (string Group, string Plural, Func<string, string> Name)[] Kinds =
    [
        (Groups.Core, "services", ObjectNames.Workload),
        (Groups.Core, "serviceaccounts", ObjectNames.Workload),
        (Groups.Networking, "networkpolicies", ObjectNames.NetworkPolicy),
    ];

    /// <summary>From the answer to the deletion until an independent watch saw the new object.</summary>
    public static async Task<Sample> MeasureAsync(BenchmarkWorld world, int samples, CancellationToken ct)
    {
        var repairs = new Sample();
        foreach (var (group, plural, name) in Kinds)
        {
            await using var watch = await ObjectWatch.StartAsync(world.Observer, $"{group}/{plural}", static _ => { }, ct);
            foreach (var number in Enumerable.Range(0, Math.Max(1, samples / Kinds.Length)))
            {
                var instance = number % world.Names.Count;
                var child = name(InstanceNames.NameOf(instance));
                var key = $"{world.Names.NamespaceOf(instance)}/{child}";
                var back = watch.ExpectAsync(sight => sight.Type == "ADDED" && sight.Key == key, () => $"{plural} {key} to be back");
                await world.User.DeleteAsync($"{world.Names.PathOf(instance, group, plural)}/{child}", ct);
                var answered = TimeProvider.System.GetTimestamp();
                repairs.Add(answered, await back);
            }
        }

        return repairs;
    }
}
