using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>A cluster of the soak's own: instances that share bots, in namespaces that share names, and the operators.</summary>
internal sealed class SoakWorld : IAsyncDisposable
{
    /// <summary>How many bots there are; fewer than instances.</summary>
    public const int Bots = 3;

    /// <summary>How many operators may run at once.</summary>
    public const int OperatorCount = 2;

    private const long FirstBot = 880_001;
    private static readonly (int Namespace, string Name)[] Slots = [(0, "home"), (0, "flat"), (1, "home"), (1, "flat"), (2, "home")];
    private readonly Cluster _cluster;

    private SoakWorld(Cluster cluster, TestBed bed, SightingLog sightings)
    {
        _cluster = cluster;
        Bed = bed;
        Sightings = sightings;
        Operators = new SoakOperators(bed, OperatorCount);
        bed.Operator = Operators;
    }

    /// <summary>How many instances there are at most.</summary>
    public static int InstanceCount => Slots.Length;

    /// <summary>Public ids of the bots.</summary>
    public static IReadOnlyCollection<long> BotIds { get; } = [.. Enumerable.Range(0, Bots).Select(Id)];

    public TestBed Bed { get; }

    public SightingLog Sightings { get; }

    public SoakOperators Operators { get; }

    public IReadOnlyList<SoakInstance> Instances { get; private set; } = [];

    public Cluster Cluster => _cluster;

    /// <summary>Public id of a bot by its number.</summary>
    public static long Id(int bot) => FirstBot + bot;

    public static async Task<SoakWorld> StartAsync()
    {
        // Publishing takes longer than anything else here, and happens once for these sources.
        await OperatorPublisher.PublishAsync(OperatorFlavour.Jit, static _ => { });
        var cluster = await ClusterFixture.StartClusterAsync(new LocalClusterOptions());
        try
        {
            var bed = await TestBed.PrepareAsync(cluster);
            var world = new SoakWorld(cluster, bed, await SightingLog.StartAsync(cluster.Access.KubeconfigFile));
            await world.PopulateAsync();
            return world;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Operators.DisposeAsync();
        Bed.Operator = null;
        await Sightings.DisposeAsync();
        UsedRights.Add(await _cluster.Audit.ReadAsync(Bed.AuditStart));
        await Bed.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private async Task PopulateAsync()
    {
        List<string> namespaces = [];
        foreach (var _ in Slots.DistinctBy(slot => slot.Namespace))
        {
            // They end with the cluster.
            namespaces.Add((await Bed.CreateNamespaceAsync()).Name);
        }

        List<SoakInstance> instances = [];
        foreach (var (number, name) in Slots)
        {
            var instance = new SoakInstance(Bed, namespaces[number], name, stopsSlowly: name == "flat", await ExternalDatabase.CreateAsync(Bed));
            await instance.PrepareAsync();
            instances.Add(instance);
        }

        Instances = instances;
    }
}
