using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>The cache of one kind and the loops that keep it: one per scope. Runs on every replica, so that a new leader finds its caches warm.</summary>
public sealed partial class Informer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Scope> _scopes = [];
    private readonly ObjectStore _store;
    private readonly ApiTransport _transport;
    private readonly RuntimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<Action<ObjectChange>> _subscribers = [];
    private readonly List<Action<string>> _syncSubscribers = [];
    private CancellationToken? _running;

    internal Informer(InformerOptions options, ApiTransport transport, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
    {
        Options = options;
        _transport = transport;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _store = new ObjectStore(options, OnChange);
        foreach (var scope in options.FollowNamespacesOf is not null ? [] : options.Namespaces ?? [""])
        {
            Follow(scope);
        }
    }

    /// <summary>What it watches.</summary>
    public ResourceType Type => Options.Type;

    /// <summary>The cache.</summary>
    public IObjectCache Cache => _store;

    /// <summary>Whether every followed scope was listed.</summary>
    public bool HasSynced
    {
        get
        {
            lock (_gate)
            {
                return _scopes.Values.All(s => s.Reflector.HasSynced);
            }
        }
    }

    /// <summary>How long the quietest scope has heard nothing from the server; zero without a scope.</summary>
    public TimeSpan SilentFor
    {
        get
        {
            lock (_gate)
            {
                return _scopes.Count == 0 ? TimeSpan.Zero : _scopes.Values.Max(s => s.Reflector.SilentFor);
            }
        }
    }

    internal InformerOptions Options { get; }

    internal ObjectStore Store => _store;

    /// <summary>Whether the cache speaks for this namespace: it is followed and was listed.</summary>
    public bool IsSynced(string @namespace)
    {
        lock (_gate)
        {
            return (_scopes.TryGetValue("", out var all) || _scopes.TryGetValue(@namespace, out all)) && all.Reflector.HasSynced;
        }
    }

    /// <summary>Why the cache does not speak for this namespace, or null when it does.</summary>
    public CacheFault? FaultOf(string @namespace)
    {
        lock (_gate)
        {
            if (!_scopes.TryGetValue("", out var scope) && !_scopes.TryGetValue(@namespace, out scope))
            {
                return new CacheFault(Type, @namespace, "The namespace is not watched.");
            }

            return scope.Reflector.HasSynced ? null : new CacheFault(Type, @namespace, scope.Reflector.Fault ?? "The first list has not been answered yet.") { IsRefused = scope.Reflector.Fault is not null };
        }
    }

    /// <summary>Starts to watch a namespace; nothing when it is watched already.</summary>
    public void Follow(string @namespace)
    {
        lock (_gate)
        {
            if (_scopes.ContainsKey(@namespace))
            {
                return;
            }

            var lister = new ScopeLister(Options, @namespace, _store, _transport, _metrics, _time, _logger);
            var reflector = new Reflector(Options, @namespace, lister, _store, _transport, _metrics, _time, _logger) { SyncChanged = () => OnSyncChanged(@namespace) };
            var scope = new Scope(reflector);
            _scopes[@namespace] = scope;
            if (_running is { } ct)
            {
                scope.Start(ct);
            }
        }
    }

    /// <summary>Stops to watch a namespace and drops its objects, which were not deleted.</summary>
    public void Unfollow(string @namespace)
    {
        Scope? scope;
        lock (_gate)
        {
            if (!_scopes.Remove(@namespace, out scope))
            {
                return;
            }
        }

        _ = StopAsync(scope, @namespace);
    }

    /// <summary>Calls back for every change, from the loop that saw it: return quickly. Subscribe before it runs.</summary>
    public void Subscribe(Action<ObjectChange> onChange) => _subscribers.Add(onChange);

    /// <summary>Calls back when the cache begins or ceases to speak for a scope.</summary>
    public void SubscribeSync(Action<string> onSyncChanged) => _syncSubscribers.Add(onSyncChanged);

    /// <summary>Runs all scopes until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            _running = ct;
            foreach (var scope in _scopes.Values)
            {
                scope.Start(ct);
            }
        }

        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(end.SetResult);
        await end.Task;
        Task[] loops;
        lock (_gate)
        {
            loops = [.. _scopes.Values.Select(s => s.Loop)];
        }

        await Task.WhenAll(loops);
    }

    private async Task StopAsync(Scope scope, string @namespace)
    {
        await scope.StopAsync();
        lock (_gate)
        {
            if (!_scopes.ContainsKey(@namespace))
            {
                _store.Evict(@namespace);
            }
        }
    }

    private void OnChange(ObjectChange change)
    {
        _metrics.InformerObjects.WithLabels(Type.Kind).Set(_store.Count);
        foreach (var subscriber in _subscribers)
        {
            try
            {
                subscriber(change);
            }
#pragma warning disable CA1031 // One object that a subscriber stumbles over must not end the watch of all.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogSubscriber(error, Type.Kind, change.Object.Key);
            }
        }
    }

    private void OnSyncChanged(string @namespace)
    {
        _metrics.InformerSynced.WithLabels(Type.Kind).Set(HasSynced ? 1 : 0);
        foreach (var subscriber in _syncSubscribers)
        {
            subscriber(@namespace);
        }
    }

    [LoggerMessage(2120, LogLevel.Error, "A change of {Kind} {Key} could not be passed on")]
    private partial void LogSubscriber(Exception error, string kind, ObjectKey key);

    private sealed class Scope(Reflector reflector)
    {
        private CancellationTokenSource? _stop;

        public Reflector Reflector { get; } = reflector;

        public Task Loop { get; private set; } = Task.CompletedTask;

        public void Start(CancellationToken ct)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var token = _stop.Token;
            Loop = Task.Run(() => Reflector.RunAsync(token), CancellationToken.None);
        }

        public async Task StopAsync()
        {
            if (_stop is not null)
            {
                await _stop.CancelAsync();
                await Loop;
                _stop.Dispose();
            }
        }
    }
}
