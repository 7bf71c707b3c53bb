using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>
/// The published operator as a process of this machine, with the token of its ServiceAccount: exactly the rights of <c>deploy/</c>, and a test can kill it at
/// any moment. It resolves no Service names, so instances with a managed database are not for it.
/// </summary>
public sealed class OperatorProcess : IRunningOperator
{
    private readonly ChildProcess _process;
    private readonly Uri _address;

    private OperatorProcess(ChildProcess process, Uri address)
    {
        _process = process;
        _address = address;
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and waits until it has listed everything (<c>/readyz</c>). The ServiceAccount must be there.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="identity">Its name in the Lease.</param>
    /// <param name="ns">Namespace of its ServiceAccount and Lease.</param>
    /// <param name="through">What its requests go through; null: straight to the API server.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<OperatorProcess> StartAsync(
        Cluster cluster, string identity, string ns = OperatorNames.Namespace, WriteGate? through = null, params (string Name, string Value)[] environment)
    {
        var program = Path.Combine(await OperatorPublisher.PublishAsync(OperatorFlavour.Jit, static _ => { }), OperatorPublisher.Executable);
        var port = FreePorts.Next();
        var folder = Directory.CreateDirectory(Path.Combine(cluster.DataDirectory, "operators")).FullName;
        string[] variables =
        [
            $"KUBECONFIG={await WriteKubeconfigAsync(cluster, folder, ns, through)}",
            $"DOTNET_ROOT={Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."))}",
            "DOTNET_EnableDiagnostics=0",
            $"POD_NAMESPACE={ns}",
            $"POD_NAME={identity}",
            $"LISTEN_ADDRESS=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
            "ALLOW_LOOPBACK_DATABASES=true",
            .. environment.Select(variable => $"{variable.Name}={variable.Value}"),
        ];
        var process = ChildProcess.Start($"operator {identity}", "/usr/bin/env", [.. variables, program], Path.Combine(folder, $"{identity}.log"));
        var started = new OperatorProcess(process, new Uri($"http://127.0.0.1:{port}"));
        try
        {
            await started.WaitUntilReadyAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once, as a crash or the loss of its node would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Stops its clock until it is thawed, as the suspension of its machine would: it then goes on with what it knew.</summary>
    public void Freeze() => _process.Freeze();

    /// <summary>Lets it go on.</summary>
    public void Thaw() => _process.Thaw();

    /// <summary>Asks it to end, as a rollout does.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <summary>Its metrics, Prometheus text.</summary>
    public async Task<string> MetricsAsync()
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(_address, "/metrics"), TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public Task<string> LogTailAsync(int lines = 40) => Task.FromResult(_process.Tail(lines));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        await Wait.ForAsync(
            async () =>
            {
                _process.ThrowIfExited();
                try
                {
                    using var answer = await http.GetAsync(new Uri(_address, "/readyz"), TestContext.Current.CancellationToken);
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the operator to be ready",
            diagnose: () => LogTailAsync());
    }

    private static async Task<string> WriteKubeconfigAsync(Cluster cluster, string folder, string ns, WriteGate? through)
    {
        using var client = cluster.CreateClient();
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 7200 } };
        var answer = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, OperatorNames.Name, ns);
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.kubeconfig");
        await using var writer = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await writer.WriteAsync($"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: here
              cluster:
                server: {(through?.Address ?? cluster.Access.Server).GetLeftPart(UriPartial.Authority)}
                certificate-authority: {through?.CertificateFile ?? cluster.Access.CaFile}
            users:
            - name: operator
              user:
                token: {answer.Status.Token}
            contexts:
            - name: here
              context:
                cluster: here
                user: operator
            current-context: here
            """);
        return path;
    }
}
