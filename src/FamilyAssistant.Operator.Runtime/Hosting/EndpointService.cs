using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>
/// <c>/healthz</c>: the loops hear from the API server. <c>/readyz</c>: every cache is complete. <c>/metrics</c>: Prometheus text.
/// No tenant's data but names of kinds, no method but GET.
/// </summary>
internal sealed class EndpointService(Caches caches, RuntimeMetrics metrics, RuntimeOptions options, TimeProvider time) : IHostedService, IAsyncDisposable
{
    /// <summary>Older than any watch may be silent (bookmarks come each minute, a silent watch is given up after three) and any relist may back off.</summary>
    private static readonly TimeSpan Deaf = TimeSpan.FromMinutes(15);

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        switch (context.Request.Path.Value)
        {
            case "/healthz":
                return VerdictAsync(context, caches.All.Where(informer => informer.HasSynced && Age(informer) > Deaf).Select(informer => $"{informer.Type.Kind}: last heard of {Age(informer):c} ago"));
            case "/readyz":
                return VerdictAsync(context, caches.All.Where(informer => !informer.HasSynced).Select(informer => $"{informer.Type.Kind}: not listed yet"));
            case "/metrics":
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                return metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private static Task VerdictAsync(HttpContext context, IEnumerable<string> troubles)
    {
        var text = string.Join('\n', troubles);
        context.Response.StatusCode = text.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(text.Length == 0 ? "ok\n" : text + "\n");
    }

    private TimeSpan Age(Informer informer) => informer.LastActivity is { } last ? time.GetUtcNow() - last : TimeSpan.Zero;
}
