using System.Globalization;
using System.Threading.Channels;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Events;

/// <summary>Writes events from a bounded queue, so that a slow API server never slows a pass; what does not fit is counted, not waited for.</summary>
internal sealed partial class EventRecorder : IEventRecorder
{
    private const int QueueLength = 1000;
    private const int NameLimit = 200;
    private readonly Channel<EventDraft> _queue;
    private readonly EventLimiter _limiter;
    private readonly Dictionary<EventSeriesKey, EventSeries> _series = [];
    private readonly IClusterApi _api;
    private readonly EventOptions _options;
    private readonly RuntimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventRecorder> _logger;
    private long _lastTick;

    public EventRecorder(IClusterApi api, EventOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger<EventRecorder> logger)
    {
        _api = api;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _limiter = new EventLimiter(time);
        _queue = Channel.CreateBounded<EventDraft>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => metrics.EventsDropped.WithLabels("overflow").Inc());
    }

    public void Record(ClusterObject regarding, EventSeverity severity, string reason, string action, string note)
    {
        if (!_limiter.Allow(regarding.Uid))
        {
            _metrics.EventsDropped.WithLabels("flood").Inc();
            return;
        }

        _queue.Writer.TryWrite(new EventDraft(regarding, severity, reason, action, EventBody.Note(note), _time.GetUtcNow()));
    }

    /// <summary>Writes until cancelled, then what is left, within the deadline.</summary>
    public async Task RunAsync(TimeSpan deadline, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var stop = ct.Register(() => limit.CancelAfter(deadline));
        try
        {
            while (await _queue.Reader.WaitToReadAsync(ct))
            {
                await DrainAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await DrainAsync(limit.Token);
        }
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && _queue.Reader.TryRead(out var draft))
        {
            try
            {
                await WriteAsync(draft, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // No event may end the recorder.
            catch (Exception error)
#pragma warning restore CA1031
            {
                // An event that cannot be written (a namespace that goes, missing rights) is a lost word, not a failure of what it speaks of.
                _metrics.EventsDropped.WithLabels("failed").Inc();
                LogLost(draft.Reason, draft.Regarding.Key, error.Message);
            }
        }
    }

    private async Task WriteAsync(EventDraft draft, CancellationToken ct)
    {
        var key = new EventSeriesKey(draft.Regarding.Uid, draft.Severity, draft.Reason, draft.Action, draft.Note);
        Expire(draft.At);
        if (_series.TryGetValue(key, out var series))
        {
            series = series with { Count = series.Count + 1, LastSeen = draft.At };
            if (await _api.MergePatchAsync(series.Written, EventBody.Series(series), ct) is { } patched)
            {
                _series[key] = series with { Written = patched };
                return;
            }
        }

        var name = Name(draft);
        var @namespace = draft.Regarding.Key.Namespace.Length == 0 ? "default" : draft.Regarding.Key.Namespace;
        var manifest = new Manifest(ResourceTypes.Event, new ObjectKey(@namespace, name), EventBody.New(draft, @namespace, name, _options));
        if (await _api.CreateAsync(manifest, ct) is { } written)
        {
            _series[key] = new EventSeries(written, 1, draft.At);
        }
    }

    /// <summary>As client-go names events, but unique also for two within one tick of the clock.</summary>
    private string Name(EventDraft draft)
    {
        var subject = draft.Regarding.Key.Name;
        _lastTick = Math.Max(_lastTick + 1, draft.At.UtcTicks);
        return $"{(subject.Length <= NameLimit ? subject : subject[..NameLimit].TrimEnd('.', '-'))}.{_lastTick.ToString("x", CultureInfo.InvariantCulture)}";
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (var (key, series) in _series)
        {
            if (now - series.LastSeen > EventSeries.Lifetime)
            {
                _series.Remove(key);
            }
        }
    }

    [LoggerMessage(200, LogLevel.Debug, "Event {Reason} of {Key} was not written: {Error}")]
    private partial void LogLost(string reason, ObjectKey key, string error);
}
