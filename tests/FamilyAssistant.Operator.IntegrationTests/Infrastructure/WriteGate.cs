using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>
/// Stands between an operator and the API server and counts writes about one namespace, and those of claims; whoever counts elects no leader. After the one that a test chose it lets nothing more through: that
/// write is done, and the operator never hears of it. What a crash right then leaves, is left. A write that the API server refuses changes nothing and does not count.
/// </summary>
public sealed class WriteGate : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _http;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _path;
    private readonly int _last;
    private CancellationTokenSource? _line = new();
    private int _writes;

    private WriteGate(WebApplication web, HttpClient http, string certificate, string ns, int last)
    {
        _web = web;
        _http = http;
        CertificateFile = certificate;
        _path = $"/namespaces/{ns}/";
        _last = last;
    }

    /// <summary>Its address, for a kubeconfig.</summary>
    public Uri Address => new(_web.Urls.First());

    /// <summary>PEM file of its certificate.</summary>
    public string CertificateFile { get; }

    /// <summary>Done before a write is handed on, with its path: what a stranger is faster with. Default: nothing.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Which writes are counted, by their path; the others go through until the chosen one is done. Default: all are.</summary>
    public Func<string, bool> Counts { get; set; } = _ => true;

    /// <summary>Gets every request with a body, also those that are refused. Default: none is kept.</summary>
    public ConcurrentQueue<GateRequest>? Sent { get; set; }

    /// <summary>Answers a request in the API server's place, with this code and text; null lets it through. Default: all go through.</summary>
    public Func<GateRequest, (int Code, string Text)?> Refuse { get; set; } = _ => null;

    /// <summary>Ends when the chosen write is done.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Starts it. <paramref name="last"/>: number of the last write that is let through, from 1. Default: all are.</summary>
    public static async Task<WriteGate> StartAsync(ClusterAccess cluster, string folder, string ns, int last = int.MaxValue)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        var file = Path.Combine(folder, $"gate-{Guid.NewGuid():N}.crt");
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(200));
        var web = builder.Build();
        var gate = new WriteGate(web, Client(cluster), file, ns, last);
        web.Run(gate.HandleAsync);
        await web.StartAsync();
        return gate;
    }

    /// <summary>Begins an outage: what is open ends, watches too, and nothing gets through.</summary>
    public async Task CutAsync()
    {
        if (Interlocked.Exchange(ref _line, null) is { } line)
        {
            await line.CancelAsync();
            line.Dispose();
        }
    }

    /// <summary>Ends it.</summary>
    public void Mend() => _line = new CancellationTokenSource();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        await _web.DisposeAsync();
        _http.Dispose();
    }

    private static HttpClient Client(ClusterAccess cluster) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(cluster.CaFile) },
            },
        },
    })
    {
        BaseAddress = cluster.Server,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async Task HandleAsync(HttpContext context)
    {
        if (Volatile.Read(ref _line) is not { } line)
        {
            context.Abort();
            return;
        }

        try
        {
            await using var end = line.Token.Register(context.Abort);
            await ForwardAsync(context);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or HttpRequestException or IOException)
        {
            // The operator is gone, or the outage began.
            context.Abort();
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var isWrite = !HttpMethods.IsGet(context.Request.Method)
            && (context.Request.Path.Value!.Contains(_path, StringComparison.Ordinal) || context.Request.Path.Value.Contains("/leases", StringComparison.Ordinal)) && !context.Request.Path.Value.EndsWith("/events", StringComparison.Ordinal);
        var counts = isWrite && Counts(context.Request.Path.Value!);
        var number = counts ? Interlocked.Increment(ref _writes) : Volatile.Read(ref _writes);
        if (isWrite && (number > _last || _reached.Task.IsCompleted))
        {
            // What an operator that is dead by now would not have sent.
            context.Abort();
            return;
        }

        if (isWrite)
        {
            await Before(context.Request.Path.Value!);
        }

        var body = await BodyAsync(context);
        if (Inspect(new GateRequest(context.Request.Method, context.Request.Path + context.Request.QueryString.Value, Encoding.UTF8.GetString(body))) is var (code, text))
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(text, context.RequestAborted);
            return;
        }

        using var request = RequestOf(context, body);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (counts && !answer.IsSuccessStatusCode)
        {
            Interlocked.Decrement(ref _writes);
        }
        else if (counts && number == _last)
        {
            _reached.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await CopyAsync(answer, context);
    }

    private (int Code, string Text)? Inspect(GateRequest request)
    {
        if (request.Body.Length > 0)
        {
            Sent?.Enqueue(request);
        }

        return Refuse(request);
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private static HttpRequestMessage RequestOf(HttpContext context, byte[] body)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString.Value);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        foreach (var name in new[] { "Authorization", "Accept", "User-Agent" })
        {
            request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name].ToString());
        }

        return request;
    }

    /// <summary>Line by line as it comes: a watch must not wait for a buffer to fill.</summary>
    private static async Task CopyAsync(HttpResponseMessage answer, HttpContext context)
    {
        await context.Response.StartAsync(context.RequestAborted);
        await using var stream = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[65536];
        for (int read; (read = await stream.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}

/// <summary>A request that came to the gate.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Body">Body as text.</param>
public sealed record GateRequest(string Method, string Path, string Body)
{
    /// <summary>Whether it is about Secrets: there, and nowhere else, secrets belong.</summary>
    public bool IsOfSecrets => Path.Split('?')[0].Split('/').Contains("secrets");
}
