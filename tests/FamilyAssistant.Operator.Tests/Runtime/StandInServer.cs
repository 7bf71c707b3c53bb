using System.Collections.Concurrent;
using System.Net;
using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyAssistant.Operator.Tests.Runtime;

/// <summary>Speaks the protocol of an API server as a test dictates it, faults included that a real one shows once in a year.</summary>
internal sealed class StandInServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<ClusterConnection> _connections = [];

    private StandInServer(WebApplication app) => _app = app;

    /// <summary>Requests in their order: method, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Requests that are watches.</summary>
    public IReadOnlyList<string> Watches => [.. Requests.Where(request => request.Contains("watch=true", StringComparison.Ordinal))];

    /// <summary>Requests that are lists, with their pages.</summary>
    public IReadOnlyList<string> Lists => [.. Requests.Where(request => request.Contains("limit=", StringComparison.Ordinal))];

    public RuntimeMetrics Metrics { get; } = new(Prometheus.Metrics.NewCustomRegistry());

    public static async Task<StandInServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new StandInServer(builder.Build());
        server._app.Run(async context =>
        {
            server.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            try
            {
                await answer(context);
            }
            catch (OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        });
        await server._app.StartAsync();
        return server;
    }

    public ApiTransport Transport(TimeProvider time, ITokenSource? token = null)
    {
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var connection = new ClusterConnection(new ConnectionSettings { Server = new Uri(address), Token = token }, new ConnectionOptions());
        _connections.Add(connection);
        return new ApiTransport(connection, Metrics, time);
    }

    public static Task WriteAsync(HttpContext context, string body, int status = 200)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, Encoding.UTF8, context.RequestAborted);
    }

    /// <summary>Lines of a watch; the stream stays open afterwards until the client goes when <paramref name="open"/>.</summary>
    public static async Task WatchAsync(HttpContext context, bool open, params string[] lines)
    {
        await context.Response.StartAsync(context.RequestAborted);
        foreach (var line in lines)
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (open)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
