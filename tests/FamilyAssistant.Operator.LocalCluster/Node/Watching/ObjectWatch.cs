using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Watching;

/// <summary>
/// The objects of one resource as the API server has them, kept up to date by a list and a watch, over outages of the server as well. Subscribe to
/// <see cref="Changed"/>, then call <see cref="Start"/>. Reading is safe from any thread; what is read must not be changed.
/// </summary>
public sealed class ObjectWatch<T> : IAsyncDisposable
    where T : IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private readonly WatchRequests<T> _requests;
    private readonly string _path;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ImmutableDictionary<(string Namespace, string Name), T> _items = ImmutableDictionary<(string, string), T>.Empty;
    private Task _loop = Task.CompletedTask;

    /// <summary>A watch of one resource; it does nothing until <see cref="Start"/>.</summary>
    /// <param name="client">A <see cref="Kubernetes"/>; it stays the caller's and must live longer than the watch.</param>
    /// <param name="path">Path of the list, for example <c>api/v1/pods</c> or <c>apis/apps/v1/namespaces/default/statefulsets</c>.</param>
    /// <param name="labelSelector">As kubectl takes it; null: all.</param>
    /// <param name="fieldSelector">As kubectl takes it; null: all.</param>
    /// <param name="log">Gets a line when the server cannot be reached and when a subscriber fails. Default: nowhere.</param>
    public ObjectWatch(IKubernetes client, string path, string? labelSelector = null, string? fieldSelector = null, Action<string>? log = null)
    {
        _requests = new WatchRequests<T>(client, path, labelSelector, fieldSelector);
        _path = path;
        _log = log ?? (static _ => { });
    }

    /// <summary>
    /// An object was added or changed, or (when the second argument is true) deleted; then the object is its last known state. One call at a time, in the
    /// order of the server; <see cref="Items"/> has the change already. After an outage only what differs is told. A subscriber that waits holds up all.
    /// </summary>
    public event Action<T, bool>? Changed;

    /// <summary>All objects, as of now.</summary>
    public IEnumerable<T> Items => _items.Values;

    /// <summary>One object; the namespace of a cluster-wide one is null or empty.</summary>
    public T? Find(string? @namespace, string name) => _items.GetValueOrDefault((@namespace ?? "", name));

    /// <summary>Begins to list and watch; once.</summary>
    public void Start()
    {
        if (_loop != Task.CompletedTask)
        {
            throw new InvalidOperationException($"the watch of {_path} has started already");
        }

        _loop = Task.Run(RunAsync);
    }

    /// <summary>Returns once the first list is known and has been told.</summary>
    public Task SyncedAsync(CancellationToken cancellation = default) => _synced.Task.WaitAsync(cancellation);

    /// <summary>Ends the watch; no subscriber is called after that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _loop;
            _synced.TrySetCanceled();
            _stop.Dispose();
        }
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        var pause = FirstPause;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (items, version) = await _requests.ListAsync(stop);
                Replace(items);
                _synced.TrySetResult();
                pause = FirstPause;
                while (true)
                {
                    // A quiet watch ends when its time is over, and the next one goes on where it ended.
                    version = await _requests.WatchAsync(version, Apply, stop);
                }
            }
            catch (Exception e) when (e is WatchExpiredException || stop.IsCancellationRequested)
            {
                // The list anew, at once; or the end.
            }
            catch (Exception e)
            {
                _log($"watch of {_path}: {e.Message}");
                await PauseAsync(pause, stop);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }
    }

    private static async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks itself.
        }
    }

    private void Replace(IReadOnlyList<T> listed)
    {
        var current = listed.ToImmutableDictionary(Key);
        foreach (var (key, item) in _items)
        {
            // One of the same name but another identity was deleted and made again meanwhile.
            if (!current.TryGetValue(key, out var now) || now.Metadata.Uid != item.Metadata.Uid)
            {
                Apply(item, deleted: true);
            }
        }

        foreach (var item in listed)
        {
            if (!_items.TryGetValue(Key(item), out var known) || known.Metadata.ResourceVersion != item.Metadata.ResourceVersion)
            {
                Apply(item, deleted: false);
            }
        }
    }

    private void Apply(T item, bool deleted)
    {
        _items = deleted ? _items.Remove(Key(item)) : _items.SetItem(Key(item), item);
        try
        {
            Changed?.Invoke(item, deleted);
        }
        catch (Exception e)
        {
            _log($"watch of {_path}: a subscriber failed for {item.Metadata.Name}: {e}");
        }
    }

    private static (string Namespace, string Name) Key(T item) => (item.Metadata.NamespaceProperty ?? "", item.Metadata.Name);
}
