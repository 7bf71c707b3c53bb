using System.Net;
using System.Security.Cryptography.X509Certificates;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.LocalCluster.Node.Kubelet;

/// <summary>The kubelet's own server, for the API server alone: container logs. What else a kubelet offers is answered with 501.</summary>
internal sealed class KubeletServer : IAsyncDisposable
{
    private readonly WebApplication _web;

    private KubeletServer(WebApplication web) => _web = web;

    /// <summary>Starts to listen.</summary>
    /// <param name="address">The node's address and the port that its Node object names.</param>
    /// <param name="authority">Signs the server's certificate; clients must have one of it.</param>
    /// <param name="pods">Whose logs are read.</param>
    /// <param name="clock">For <c>sinceSeconds</c>.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<KubeletServer> StartAsync(IPEndPoint address, CertificateAuthority authority, PodSet pods, TimeProvider clock, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        // Whoever follows a log would hold up the end.
        builder.WebHost.UseShutdownTimeout(TimeSpan.FromMilliseconds(200));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = Exportable(authority.IssueServer("kubelet-server", ["localhost"], [address.Address]));
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => IsOf(authority, certificate);
        })));
        var web = builder.Build();
        web.MapGet("/healthz", () => "ok");
        web.MapGet("/containerLogs/{namespace}/{pod}/{container}", context => LogsAsync(context, pods, clock));
        foreach (var kind in (string[])["exec", "attach", "portForward", "run"])
        {
            web.Map($"/{kind}/{{**rest}}", context => AnswerAsync(context, StatusCodes.Status501NotImplemented, $"this node does not do {kind}"));
        }

        await web.StartAsync(cancellation);
        return new KubeletServer(web);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static async Task LogsAsync(HttpContext context, PodSet pods, TimeProvider clock)
    {
        string Route(string name) => (string)context.Request.RouteValues[name]!;
        LogQuery query;
        try
        {
            query = LogQuery.Parse(context.Request.Query, clock.GetUtcNow());
        }
        catch (FormatException e)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, e.Message);
            return;
        }

        if (pods.Find(Route("namespace"), Route("pod"))?.Container(Route("container")) is not { } container)
        {
            await AnswerAsync(context, StatusCodes.Status404NotFound, $"container {Route("container")} of pod {Route("pod")} is not on this node");
            return;
        }

        if ((query.Previous ? container.PreviousLog : container.Log) is not { } log)
        {
            var which = $"container \"{container.Spec.Name}\" in pod \"{Route("pod")}\"";
            await AnswerAsync(
                context, StatusCodes.Status400BadRequest, query.Previous ? $"previous terminated {which} not found" : $"{which} is waiting to start: {container.WaitingReason ?? "ContainerCreating"}");
            return;
        }

        context.Response.ContentType = "text/plain";
        try
        {
            await LogWriter.WriteAsync(log, query, context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || context.RequestAborted.IsCancellationRequested)
        {
            // The pod, or the reader, is gone.
        }
    }

    private static Task AnswerAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(text);
    }

    /// <summary>A key that was read from PEM is only usable by a server once it was exported and imported.</summary>
    private static X509Certificate2 Exportable(CertificateFiles files)
    {
        using var certificate = files.Load();
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private static bool IsOf(CertificateAuthority authority, X509Certificate2 certificate)
    {
        using var root = X509CertificateLoader.LoadCertificateFromFile(authority.CertificateFile);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    /// <summary>Ctrl-C belongs to whoever runs the cluster, not to this server.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
