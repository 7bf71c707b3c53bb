using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.LocalCluster.Provisioning;

/// <summary>
/// Gets a machine ready to run clusters: the programs of a control plane, and packages of the operating system. What is there is taken as it is.
/// </summary>
/// <param name="progress">Gets a line at least every ten seconds while something is fetched, installed or built.</param>
public sealed class Provisioner(Action<string> progress)
{
    private readonly AptInstaller _apt = new(progress);

    /// <summary>
    /// The control plane's programs, first hit wins: the folder KUBEBUILDER_ASSETS; the cache; the official release; on Debian the distribution's source package.
    /// </summary>
    public async Task<ControlPlaneBinaries> ControlPlaneAsync(CancellationToken cancellation = default)
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
        {
            return ControlPlaneCache.Read(assets, $"KUBEBUILDER_ASSETS={assets}")
                ?? throw new ProvisioningException($"KUBEBUILDER_ASSETS={assets} must be a folder with etcd, kube-apiserver and kubectl (etcd and kubectl may be on PATH instead)");
        }

        using var only = await FileLock.AcquireAsync(Path.Combine(CacheFolders.Root, "provisioning.lock"), progress, cancellation);
        return await FromCacheAsync(cancellation) ?? await FetchAsync(cancellation) ?? await BuildAsync(cancellation);
    }

    /// <summary>What pods need: sandbox, Python and its PostgreSQL drivers, Alembic, GnuPG, and what else Jobs find in the image of the database.</summary>
    public Task PodToolsAsync(CancellationToken cancellation = default) => PackagesAsync(SystemPackage.ForPods, cancellation);

    /// <summary>A PostgreSQL server.</summary>
    public Task PostgresAsync(CancellationToken cancellation = default) => PackagesAsync(SystemPackage.ForPostgres, cancellation);

    private async Task PackagesAsync(IReadOnlyList<SystemPackage> packages, CancellationToken cancellation)
    {
        if (packages.All(package => package.IsPresent()))
        {
            return;
        }

        using var only = await FileLock.AcquireAsync(Path.Combine(CacheFolders.Root, "provisioning.lock"), progress, cancellation);
        await _apt.EnsureAsync(packages, cancellation);
    }

    private async Task<ControlPlaneBinaries?> FromCacheAsync(CancellationToken cancellation)
    {
        foreach (var folder in ControlPlaneCache.Folders())
        {
            if (DebianSource.IsCacheKey(Path.GetFileName(folder)))
            {
                await _apt.EnsureAsync([SystemPackage.Etcd, SystemPackage.Kubectl], cancellation);
            }

            if (ControlPlaneCache.Read(folder, $"cache {folder}") is { } binaries)
            {
                return binaries;
            }
        }

        return null;
    }

    private async Task<ControlPlaneBinaries?> FetchAsync(CancellationToken cancellation)
    {
        var target = Path.Combine(CacheFolders.ControlPlanes, OfficialRelease.CacheKey);
        try
        {
            await new OfficialRelease(OfficialRelease.KubernetesSite, OfficialRelease.EtcdSite, progress).FetchAsync(target, cancellation);
            return ControlPlaneCache.Read(target, $"official release {OfficialRelease.KubernetesVersion}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // A wrong checksum is not caught: it must not be papered over by another way.
            progress($"the official release cannot be downloaded here ({e.Message})");
            return null;
        }
    }

    private async Task<ControlPlaneBinaries> BuildAsync(CancellationToken cancellation)
    {
        if (SearchPath.Find("apt-get") is null)
        {
            throw new ProvisioningException(
                "no control plane: set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, kube-controller-manager and kubectl, or allow access to "
                + $"{OfficialRelease.KubernetesSite.Host}. Building from source works on Debian only.");
        }

        progress("building the control plane from the distribution's source package (once; some minutes)");
        await _apt.EnsureAsync([SystemPackage.Etcd, SystemPackage.Kubectl, .. SystemPackage.ForSourceBuild], cancellation);
        var folder = await DebianSource.BuildAsync(progress, cancellation);
        return ControlPlaneCache.Read(folder, $"built from source, {folder}")
            ?? throw new ProvisioningException($"the build left no complete control plane in {folder}");
    }
}
