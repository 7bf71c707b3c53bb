using System.Net.Sockets;
using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Probes;

/// <summary>Asks a container once: a command in it, an HTTP request or a connection. Also what hooks before a stop are made of.</summary>
internal sealed class ProbeCheck(V1Container container, string podAddress, SandboxProcess process, TimeProvider clock)
{
    private const int LongestOutput = 1024;

    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
#pragma warning disable CA5359 // A probe asks whether something answers, not whose certificate it has.
        SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
        PooledConnectionLifetime = TimeSpan.Zero,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProbeResult> RunAsync(V1ExecAction? exec, V1HTTPGetAction? http, V1TCPSocketAction? tcp, TimeSpan limit, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var timer = clock.CreateTimer(_ => patience.Cancel(), null, limit, Timeout.InfiniteTimeSpan);
        try
        {
            return exec is not null ? await ExecAsync(exec, limit, cancellation)
                : http is not null ? await HttpAsync(http, patience.Token)
                : tcp is not null ? await TcpAsync(tcp, patience.Token)
                : new ProbeResult(false, "this node has no gRPC probes");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or SocketException or OperationCanceledException or IOException or FormatException)
        {
            cancellation.ThrowIfCancellationRequested();
            return new ProbeResult(false, e is OperationCanceledException ? "context deadline exceeded" : e.Message);
        }
    }

    private async Task<ProbeResult> ExecAsync(V1ExecAction exec, TimeSpan limit, CancellationToken cancellation)
    {
        var result = await process.ExecuteAsync([.. exec.Command ?? []], limit, clock, cancellation);
        var output = result is null ? $"command \"{string.Join(' ', exec.Command ?? [])}\" timed out" : result.Output + result.Error;
        return new ProbeResult(result?.ExitCode == 0, output.Length > LongestOutput ? output[..LongestOutput] : output);
    }

    private async Task<ProbeResult> HttpAsync(V1HTTPGetAction http, CancellationToken cancellation)
    {
        var host = string.IsNullOrEmpty(http.Host) ? podAddress : http.Host;
        var path = "/" + (http.Path ?? "").TrimStart('/');
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{(http.Scheme ?? "HTTP").ToLowerInvariant()}://{host}:{Port(http.Port)}{path}"));
        request.Headers.UserAgent.ParseAdd("kube-probe/1.0");
        request.Headers.ConnectionClose = true;
        foreach (var header in http.HttpHeaders ?? [])
        {
            if (header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Host = header.Value;
            }
            else
            {
                request.Headers.Remove(header.Name);
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var code = (int)response.StatusCode;
        return new ProbeResult(code is >= 200 and < 400, $"HTTP probe failed with statuscode: {code}");
    }

    private async Task<ProbeResult> TcpAsync(V1TCPSocketAction tcp, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(string.IsNullOrEmpty(tcp.Host) ? podAddress : tcp.Host, Port(tcp.Port), cancellation);
        return new ProbeResult(true, "");
    }

    private int Port(IntOrString port) => int.TryParse(port.Value, out var number)
        ? number
        : container.Ports?.FirstOrDefault(candidate => candidate.Name == port.Value)?.ContainerPort ?? throw new FormatException($"couldn't find port: {port.Value}");
}

/// <summary>What a check found; the output is for the event of a failure.</summary>
internal sealed record ProbeResult(bool Success, string Output);
