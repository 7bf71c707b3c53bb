using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.LocalCluster;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>The cluster and everything around the operator.</summary>
internal sealed class BenchmarkWorld : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();

    private BenchmarkWorld(Cluster cluster, InstanceNames names)
    {
        Cluster = cluster;
        Names = names;
    }

    /// <summary>The control plane and the database server.</summary>
    public Cluster Cluster { get; }

    /// <summary>The instances' names.</summary>
    public InstanceNames Names { get; }

    /// <summary>Who creates, changes and deletes.</summary>
    public ApiClient User { get; private set; } = null!;

    /// <summary>Who only watches.</summary>
    public ApiClient Observer { get; private set; } = null!;

    /// <summary>Which instances are Ready.</summary>
    public InstanceBoard Board { get; private set; } = null!;

    /// <summary>Credentials of the operator.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>Starts all of it.</summary>
    public static async Task<BenchmarkWorld> StartAsync(InstanceNames names, Action<string> progress, CancellationToken ct)
    {
        var cluster = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Telegram = false, Postgres = true, Progress = progress }, ct);
        var world = new BenchmarkWorld(cluster, names);
        try
        {
            await world.FillAsync(progress, ct);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }

    private async Task FillAsync(Action<string> progress, CancellationToken ct)
    {
        User = await ClientAsync("bench-user");
        Observer = await ClientAsync("bench-observer");
        progress("installing the operator's definition, ServiceAccount and RBAC");
        Kubeconfig = await Installation.InstallAsync(Cluster, User, ct);
        progress($"creating {Names.Count} databases, volumes and what else instances need");
        var password = Guid.NewGuid().ToString("N");
        await Databases.CreateAsync(Cluster.Postgres, Names.Count, password, ct);
        await Surroundings.CreateAsync(User, Names, password, ct);
        var health = Keep(await HealthServer.StartAsync(Names.Count, ct));
        Keep(await StandInKubelet.StartAsync(await ClientAsync(StandInKubelet.User), name => health.AddressOf(InstanceNames.NumberOf(name)), ct));
        Board = Keep(await InstanceBoard.StartAsync(Observer, ct));
    }

    private async Task<ApiClient> ClientAsync(string user) => Keep(await ApiClient.ConnectAsync(Cluster, user));

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }
}
