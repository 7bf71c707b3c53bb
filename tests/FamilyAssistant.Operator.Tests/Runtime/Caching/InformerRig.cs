using System.Collections.Concurrent;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace FamilyAssistant.Operator.Tests.Runtime.Caching;

/// <summary>An informer of ConfigMaps in front of a server that lists and watches as the test says; the numbers count from 1.</summary>
internal sealed class InformerRig : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public required StandInServer Server { get; init; }

    public required Informer Informer { get; init; }

    /// <summary>What subscribers were told: +name, ~name, -name.</summary>
    public ConcurrentQueue<string> Changes { get; } = new();

    /// <summary>Names and versions in the cache.</summary>
    public IEnumerable<string> Content => Informer.Cache.List("").Select(o => $"{o.Key.Name}@{o.ResourceVersion}").Order();

    public static async Task<InformerRig> StartAsync(
        Func<int, HttpContext, Task> list, Func<int, HttpContext, Task> watch, TimeProvider? time = null, Action<InformerOptions>? configure = null, Action<InformerRig>? before = null)
    {
        var (lists, watches) = (0, 0);
        var server = await StandInServer.StartAsync(context => context.Request.Query.ContainsKey("watch")
            ? watch(Interlocked.Increment(ref watches), context)
            : list(Interlocked.Increment(ref lists), context));
        var options = new InformerOptions(ResourceTypes.ConfigMap) { BackOff = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)) };
        configure?.Invoke(options);
        var informer = new Informer(options, server.Transport(TimeProvider.System), server.Metrics, time ?? TimeProvider.System, NullLogger.Instance);
        var rig = new InformerRig { Server = server, Informer = informer };
        before?.Invoke(rig);
        informer.Subscribe(change => rig.Changes.Enqueue((change.Old is null ? "+" : change.New is null ? "-" : "~") + change.Object.Key.Name));
        rig._loop = informer.RunAsync(rig._stop.Token);
        return rig;
    }

    public Task ShowsAsync(params string[] content) => Eventually.HoldsAsync(() => Content.SequenceEqual(content), $"[{string.Join(", ", content)}] in the cache");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await Server.DisposeAsync();
        _stop.Dispose();
    }
}
