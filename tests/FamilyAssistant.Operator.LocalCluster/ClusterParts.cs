using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.Telegram;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster;

/// <summary>What runs, in the order in which it starts; a failed start stops what has started before it.</summary>
internal sealed class ClusterParts : IAsyncDisposable
{
    public ControlPlaneServers? Servers { get; private set; }

    public PostgresServer? Postgres { get; private set; }

    public TelegramServer? Telegram { get; private set; }

    public StandInImages? Images { get; private set; }

    public NodeAgent? Node { get; private set; }

    public static async Task<ClusterParts> StartAsync(LocalClusterOptions options, ControlPlaneBinaries binaries, string folder, CancellationToken cancellation)
    {
        var parts = new ClusterParts();
        try
        {
            await parts.StartPartsAsync(options, binaries, folder, cancellation);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // In reverse order.
        foreach (var part in new IAsyncDisposable?[] { Node, Telegram, Postgres, Servers })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }

    private async Task StartPartsAsync(LocalClusterOptions options, ControlPlaneBinaries binaries, string folder, CancellationToken cancellation)
    {
        Servers = await ControlPlaneServers.StartAsync(binaries, Path.Combine(folder, "control-plane"), options.Progress, cancellation);
        if (options.Postgres)
        {
            options.Progress("starting PostgreSQL");
            Postgres = await PostgresServer.StartAsync(Path.Combine(folder, "postgres"), cancellation);
        }

        if (options.Telegram)
        {
            Telegram = await TelegramServer.StartAsync(cancellation);
        }

        if (options.NodeAgent)
        {
            Images = StandInImages.Create(new StandInImageOptions { WorkDirectory = CacheFolders.Images, TelegramBaseAddress = Telegram?.BaseAddress });
            if (options.OperatorImage is not null)
            {
                Images.Add(OperatorImage.Repository, OperatorImage.Create(options.OperatorImage));
            }

            await StartNodeAsync(options, Servers, Images, Path.Combine(folder, "node"), cancellation);
        }
    }

    private async Task StartNodeAsync(LocalClusterOptions options, ControlPlaneServers servers, StandInImages images, string folder, CancellationToken cancellation)
    {
        if (!servers.HasControllerManager)
        {
            options.Progress("without a kube-controller-manager pods get no ServiceAccount and no volumes: no node is started");
            return;
        }

        options.Progress("starting the node");
        Directory.CreateDirectory(folder);
        var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(servers.CreateUserKubeconfig("local-node", "system:masters")));
        var settings = new NodeSettings { ApiServer = servers.Server, Version = servers.Version, Range = servers.Range, DataDirectory = folder };
        var cluster = await NodeCluster.StartAsync(client, settings, TimeProvider.System, cancellation);
        Node = await NodeAgent.StartAsync(cluster, servers.Authority, images, options.Node, TimeProvider.System, cancellation);
    }
}
