using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>One event of a watch.</summary>
/// <param name="At">When its line had come.</param>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
/// <param name="Object">The object.</param>
internal sealed record Sight(long At, string Type, JsonNode Object)
{
    /// <summary>Namespace and name.</summary>
    public string Key { get; } = $"{Object["metadata"]!["namespace"]}/{Object["metadata"]!["name"]}";
}

/// <summary>Watches one kind for the whole run. What was waited for is told with the time at which it came, not with the time at which somebody looked.</summary>
internal sealed class ObjectWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly List<(Func<Sight, bool> Match, TaskCompletionSource<long> Found)> _waits = [];
    private readonly Action<Sight> _handler;
    private readonly string _path;
    private Task _loop = Task.CompletedTask;
    private Exception? _failure;

    private ObjectWatch(string path, Action<Sight> handler, CancellationToken ct)
    {
        _path = path;
        _handler = handler;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>Lists, hands every object to <paramref name="handler"/>, and from then on every change.</summary>
    public static async Task<ObjectWatch> StartAsync(ApiClient api, string path, Action<Sight> handler, CancellationToken ct)
    {
        var list = await api.GetAsync(path, ct);
        var watch = new ObjectWatch(path, handler, ct);
        foreach (var item in list["items"]!.AsArray())
        {
            handler(new Sight(TimeProvider.System.GetTimestamp(), "ADDED", item!));
        }

        watch._loop = watch.FollowAsync(api, list["metadata"]!["resourceVersion"]!.GetValue<string>());
        return watch;
    }

    /// <summary>The time at which the first matching event comes. To be asked for before what causes it.</summary>
    public Task<long> ExpectAsync(Func<Sight, bool> match, Func<string> what, TimeSpan? limit = null)
    {
        var found = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException<long>(_failure);
            }

            _waits.Add((match, found));
        }

        return Waiting.LimitAsync(found.Task, what, limit);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task FollowAsync(ApiClient api, string resourceVersion)
    {
        try
        {
            await foreach (var (at, line) in api.WatchAsync(_path, resourceVersion, _stop.Token))
            {
                var json = JsonNode.Parse(line)!;
                See(new Sight(at, json["type"]!.GetValue<string>(), json["object"]!));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException)
        {
            Fail(error);
        }
    }

    private void See(Sight sight)
    {
        _handler(sight);
        lock (_gate)
        {
            foreach (var wait in _waits.Where(wait => wait.Match(sight)).ToList())
            {
                _waits.Remove(wait);
                wait.Found.TrySetResult(sight.At);
            }
        }
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            _failure = error;
            _waits.ForEach(wait => wait.Found.TrySetException(error));
        }
    }
}
