using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>etcd, kube-apiserver and kube-controller-manager as processes of this machine, on free loopback ports.</summary>
public sealed class ControlPlaneServers : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly ControlPlaneBinaries _binaries;
    private readonly ControlPlaneFiles _files;
    private readonly Action<string> _log;
    private readonly HttpClient _http;
    private readonly int _etcdPort = FreePorts.Next();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ChildProcess? _etcd, _apiServer, _controllerManager;

    private ControlPlaneServers(ControlPlaneBinaries binaries, string folder, KubeVersion version, Action<string> log)
    {
        _binaries = binaries;
        _log = log;
        Version = version;
        Server = new Uri($"https://127.0.0.1:{FreePorts.Next()}");
        Range = LoopbackRange.Reserve();
        Authority = CertificateAuthority.Open(Path.Combine(folder, "pki"), TimeProvider.System);
        _files = ControlPlaneFiles.Prepare(folder, Authority, Range, Server);
        Access = new ClusterAccess(Server, _files.CaFile, _files.Admin.CertificateFile, _files.Admin.KeyFile, _files.AdminKubeconfig);
        Audit = new AuditLog(_files.AuditLogFile);
        _http = CreateHttpClient();
    }

    /// <summary>Address and administrator's credentials.</summary>
    public ClusterAccess Access { get; }

    /// <summary>The address; it stays the same over restarts.</summary>
    public Uri Server { get; }

    /// <summary>The addresses of its Services and pods, reserved until it is disposed.</summary>
    public LoopbackRange Range { get; }

    /// <summary>Version of the programs.</summary>
    public KubeVersion Version { get; }

    /// <summary>Signs certificates of further users and of the node.</summary>
    public CertificateAuthority Authority { get; }

    /// <summary>Every request, by user.</summary>
    public AuditLog Audit { get; }

    /// <summary>Whether the set of programs has a controller manager.</summary>
    public bool HasControllerManager => _binaries.ControllerManager is not null;

    /// <summary>Starts all of it and waits until the API server is ready and the controllers have done their first work.</summary>
    public static async Task<ControlPlaneServers> StartAsync(ControlPlaneBinaries binaries, string folder, Action<string> log, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var servers = new ControlPlaneServers(binaries, folder, await KubeVersion.OfProgramAsync(binaries.ApiServer, cancellation), log);
        try
        {
            await servers.StartEtcdAsync(cancellation);
            await servers.StartApiServerAsync(cancellation);
            await servers.StartControllerManagerAsync(cancellation);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a stopped API server on its port and waits until it is ready; nothing when it runs.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_apiServer is { HasExited: false })
            {
                return;
            }

            _log($"starting kube-apiserver {Version} at {Server.GetLeftPart(UriPartial.Authority)}");
            _apiServer = Start("kube-apiserver", _binaries.ApiServer, CommandLines.ApiServer(_files, Server.Port, _etcdPort, Range));
            await Readiness.WaitAsync(_apiServer, _http, new Uri(Server, "/readyz"), StartLimit, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the API server: an outage, until it is started again. Every connection to it is cut.</summary>
    public async Task StopApiServerAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_apiServer is not null)
            {
                _log("stopping kube-apiserver");
                await _apiServer.DisposeAsync();
                _apiServer = null;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops and starts the API server.</summary>
    public async Task RestartApiServerAsync(CancellationToken cancellation = default)
    {
        await StopApiServerAsync();
        await StartApiServerAsync(cancellation);
    }

    /// <summary>Kills the API server and starts it again. Nothing that was written is lost; the answers to what was under way are.</summary>
    public async Task CrashApiServerAsync(CancellationToken cancellation = default)
    {
        _apiServer?.Kill();
        await StopApiServerAsync();
        await StartApiServerAsync(cancellation);
    }

    /// <summary>Makes a kubeconfig with a client certificate of any user; returns its path.</summary>
    public string CreateUserKubeconfig(string user, params IEnumerable<string> groups)
    {
        var name = "user-" + Guid.NewGuid().ToString("N");
        var path = Path.Combine(_files.Folder, "pki", name + ".kubeconfig");
        Kubeconfig.Write(path, Server, _files.CaFile, Authority.IssueClient(name, user, groups));
        return path;
    }

    /// <summary>Stops all servers, the last started first.</summary>
    public async ValueTask DisposeAsync()
    {
        // etcd last: the API server waits for it while it stops.
        foreach (var process in new[] { _controllerManager, _apiServer, _etcd })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _http.Dispose();
        Authority.Dispose();
        Range.Dispose();
        _gate.Dispose();
    }

    private async Task StartEtcdAsync(CancellationToken cancellation)
    {
        _log("starting etcd");
        _etcd = Start("etcd", _binaries.Etcd, CommandLines.Etcd(_files.EtcdData, _etcdPort, FreePorts.Next()));
        await Readiness.WaitAsync(_etcd, _http, new Uri($"http://127.0.0.1:{_etcdPort}/health"), StartLimit, cancellation);
    }

    private async Task StartControllerManagerAsync(CancellationToken cancellation)
    {
        if (_binaries.ControllerManager is null)
        {
            _log("no kube-controller-manager beside this kube-apiserver: nothing makes pods of StatefulSets, collects garbage or ends namespaces");
            return;
        }

        _log("starting kube-controller-manager");
        _controllerManager = Start("kube-controller-manager", _binaries.ControllerManager, CommandLines.ControllerManager(_files, FreePorts.Next(), Version, Range));
        // Without its ServiceAccount a namespace takes no pod: once this one exists the controllers work.
        await Readiness.WaitAsync(_controllerManager, _http, new Uri(Server, "/api/v1/namespaces/default/serviceaccounts/default"), StartLimit, cancellation);
    }

    private ChildProcess Start(string name, string program, IEnumerable<string> arguments) => ChildProcess.Start(name, program, arguments, _files.Log(name));

    private HttpClient CreateHttpClient()
    {
        var handler = new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(5) };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(_files.CaFile) },
            },
            ClientCertificates = [_files.Admin.Load()],
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
    }
}
