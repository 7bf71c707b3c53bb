using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>
/// <c>/healthz</c>: the loops hear from the API server; where they do not for long, a new process may (it reads authority and credentials again).
/// <c>/readyz</c>: every cache is complete and fresh. <c>/metrics</c>: Prometheus text.
/// No tenant's data but names of kinds, no method but GET.
/// </summary>
internal sealed class EndpointService(Caches caches, RuntimeMetrics metrics, RuntimeOptions options) : IHostedService, IAsyncDisposable
{
    /// <summary>Longer than any watch may be silent (it is opened again after three minutes) and any attempt may back off.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Deaf = TimeSpan.FromMinutes(15);

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Empty: no configuration files (each would be watched, and a node may have no file watchers left), no variables that could move the address.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
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
                return VerdictAsync(context, caches.All.Where(informer => informer.HasSynced).Select(informer => Silence(informer, Deaf)));
            case "/readyz":
                return VerdictAsync(context, caches.All.Select(informer => informer.HasSynced ? Silence(informer, Stale) : $"{informer.Type.Kind}: not listed"));
            case "/metrics":
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                return metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    private static Task VerdictAsync(HttpContext context, IEnumerable<string?> troubles)
    {
        var text = string.Join('\n', troubles.OfType<string>());
        context.Response.StatusCode = text.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync(text.Length == 0 ? "ok\n" : text + "\n");
    }

    private static string? Silence(Informer informer, TimeSpan limit) =>
        informer.SilentFor is var silence && silence > limit ? $"{informer.Type.Kind}: last heard of {(int)silence.TotalSeconds} s ago" : null;
}
