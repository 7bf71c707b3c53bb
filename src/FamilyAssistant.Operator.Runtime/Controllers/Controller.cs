using System.Diagnostics;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>Runs passes: watched changes → keys → workers → one switch from outcome to queue. One bad object never stops another.</summary>
internal sealed partial class Controller : IDisposable
{
    private static readonly ActivitySource Activities = new("FamilyAssistant.Operator.Runtime");
    private readonly ControllerOptions _options;
    private readonly Caches _caches;
    private readonly IReconciler _reconciler;
    private readonly RuntimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _passes;
    private volatile bool _running;

    public Controller(ControllerOptions options, WorkQueue queue, Caches caches, IReconciler reconciler, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
    {
        _options = options;
        _caches = caches;
        _reconciler = reconciler;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        Queue = queue;
        Subscribe();
    }

    /// <summary>Keys that want a pass.</summary>
    public WorkQueue Queue { get; }

    /// <summary>Name in logs and metrics.</summary>
    public string Name => _options.Name;

    /// <summary>Begins passes until <paramref name="stop"/>; one that has begun is finished, unless <paramref name="abort"/> cancels it.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        _metrics.MaxWorkers.WithLabels(Name).Set(_options.Workers);
        _metrics.ShowController(Name);
        _running = true;
        EnqueueAll();
        await using var resync = _time.CreateTimer(_ => EnqueueAll(), null, _options.Resync, _options.Resync);
        await using var measure = _time.CreateTimer(_ => Queue.Measure(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(stop, abort)));
    }

    /// <inheritdoc />
    public void Dispose() => Queue.Dispose();

    private void Subscribe()
    {
        _caches.Informer(_options.Primary).Subscribe(change => Enqueue(change.Object.Key));
        foreach (var (type, keys) in _options.Sources)
        {
            _caches.Informer(type).Subscribe(change =>
            {
                foreach (var key in Keys(keys, change.Old).Concat(Keys(keys, change.New)).Distinct())
                {
                    Enqueue(key);
                }
            });
        }

        foreach (var informer in _caches.All)
        {
            // A namespace whose cache has just been filled: the passes that could not be made are due. Or one that cannot be read any more: say so.
            informer.SubscribeSync(EnqueueNamespace);
        }
    }

    private IEnumerable<ObjectKey> Keys(Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> keys, ClusterObject? item) => item is null ? [] : keys(_caches, item);

    private void EnqueueAll() => EnqueueNamespace("");

    private void EnqueueNamespace(string @namespace)
    {
        foreach (var item in _caches[_options.Primary].List(@namespace))
        {
            Enqueue(item.Key);
        }
    }

    /// <summary>A replica that waits to lead collects nothing: when it begins it looks at everything anyway.</summary>
    private void Enqueue(ObjectKey key)
    {
        if (_running)
        {
            Queue.Enqueue(key);
        }
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort)
    {
        while (true)
        {
            ObjectKey key;
            try
            {
                key = await Queue.TakeAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var result = ReconcileResult.BackOff;
            try
            {
                result = await PassAsync(key, abort);
            }
            finally
            {
                Queue.Complete(key, result);
            }
        }
    }

    private async Task<ReconcileResult> PassAsync(ObjectKey key, CancellationToken ct)
    {
        var number = Interlocked.Increment(ref _passes);
        using var scope = _logger.BeginScope(new PassScope(_options.Primary.Kind, key, number));
        using var activity = Activities.StartActivity("reconcile");
        activity?.SetTag("controller", Name).SetTag("k8s.namespace.name", key.Namespace).SetTag("k8s.object.name", key.Name);
        using var clock = new CancellationTokenSource(_options.PassLimit, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, clock.Token);
        using var active = _metrics.ActiveWorkers.WithLabels(Name).TrackInProgress();
        var began = _time.GetTimestamp();
        var (result, label) = await OutcomeAsync(key, limit.Token, ct);
        _metrics.PassSeconds.WithLabels(Name).Observe(_time.GetElapsedTime(began).TotalSeconds);
        _metrics.Passes.WithLabels(Name, label).Inc();
        return result;
    }

    /// <summary>The one switch from outcome to queue.</summary>
    private async Task<(ReconcileResult Result, string Label)> OutcomeAsync(ObjectKey key, CancellationToken limited, CancellationToken ct)
    {
        try
        {
            var faults = _caches.FaultsOf(key.Namespace);
            var result = faults.Count == 0
                ? await _reconciler.ReconcileAsync(key, limited)
                : await _reconciler.ReportUnreadableAsync(key, faults, limited);
            return (result, result.Retry ? "requeue" : result.After is null ? "success" : "requeue_after");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return (ReconcileResult.Done, "success");
        }
        catch (OperationCanceledException)
        {
            _metrics.Timeouts.WithLabels(Name).Inc();
            LogTimeout(_options.PassLimit);
        }
        catch (ClusterApiException error) when (error.Class == ErrorClass.Conflict)
        {
            // Somebody was faster: not a failure; the change that won is on its way to the cache.
            return (ReconcileResult.BackOff, "requeue");
        }
        catch (ClusterApiException error)
        {
            if (error.Class is ErrorClass.Invalid or ErrorClass.Terminal)
            {
                _metrics.TerminalErrors.WithLabels(Name).Inc();
            }

            LogFailed(error.Message);
        }
#pragma warning disable CA1031 // Whatever one object does to a pass, the others go on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _metrics.Panics.WithLabels(Name).Inc();
            LogBroken(error);
        }

        _metrics.Errors.WithLabels(Name).Inc();
        return (ReconcileResult.BackOff, "error");
    }

    [LoggerMessage(100, LogLevel.Warning, "The pass took longer than {Limit} and was cancelled")]
    private partial void LogTimeout(TimeSpan limit);

    [LoggerMessage(101, LogLevel.Warning, "The pass failed: {Error}")]
    private partial void LogFailed(string error);

    [LoggerMessage(102, LogLevel.Error, "The pass ended with an unexpected exception")]
    private partial void LogBroken(Exception exception);
}
