using System.Globalization;
using System.Net;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>
/// Keeps one scope (a namespace, or all) of one kind in a store: list, then watch from there, for ever. A watch that ends goes on from the last version;
/// a version that the server has forgotten (410, as a status or inside the stream) means a new list.
/// </summary>
internal sealed partial class Reflector(
    InformerOptions options, string @namespace, ScopeLister lister, ObjectStore store, ApiTransport transport, RuntimeMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int MaxResumes = 3;

    /// <summary>
    /// A watch from a version of the future (the server's store was restored from a backup) is opened gladly and then silent for ever. Old servers send no
    /// bookmarks for quiet kinds either, so that silence alone proves nothing: one list an hour is what certainty costs there.
    /// </summary>
    private static readonly TimeSpan MaxQuiet = TimeSpan.FromHours(1);

    /// <summary>A server that starts refuses everybody for a moment, until it has read its own roles.</summary>
    private static readonly TimeSpan RefusalGrace = TimeSpan.FromSeconds(30);

    private string _version = "";
    private string? _listCause = "start";
    private int _failedResumes;
    private long _heardAt = time.GetTimestamp();
    private long _lineAt = time.GetTimestamp();
    private long? _refusedAt;
    private volatile bool _synced;
    private volatile string? _fault;

    /// <summary>Whether the cache speaks for the scope: it was listed completely, and the server has not withdrawn the right to read it since.</summary>
    public bool HasSynced => _synced;

    /// <summary>Why the last attempt failed; null while all is well.</summary>
    public string? Fault => _fault;

    /// <summary>Time since the last answer, event or bookmark, by the monotonic clock.</summary>
    public TimeSpan SilentFor => time.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <summary>Called when <see cref="HasSynced"/> changed.</summary>
    public Action? SyncChanged { get; init; }

    /// <summary>Runs until cancelled; no error ends it.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var backOff = new BackOff(options.BackOff.First, options.BackOff.Max);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ListIfNeededAsync(ct);
                var opened = time.GetTimestamp();
                await WatchAsync(ct);
                if (time.GetElapsedTime(opened) > TimeSpan.FromSeconds(1))
                {
                    backOff.Reset();
                    continue;
                }

                // A server that ends every watch at once must not be asked in a tight loop.
                await backOff.WaitAsync(time, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A loop that ended would leave a cache that nobody keeps.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Failed(e);
                if (!await TryWaitAsync(backOff, ct))
                {
                    return;
                }
            }
        }
    }

    private async Task<bool> TryWaitAsync(BackOff backOff, CancellationToken ct)
    {
        try
        {
            await backOff.WaitAsync(time, ct);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ListIfNeededAsync(CancellationToken ct)
    {
        if (_listCause is not { } cause)
        {
            return;
        }

        metrics.InformerRelists.WithLabels(options.Type.Kind, cause).Inc();
        _version = await lister.ListAsync(_version, ct);
        _listCause = null;
        _failedResumes = 0;
        Interlocked.Exchange(ref _lineAt, time.GetTimestamp());
        Alive();
        SetSynced(true);
    }

    private void SetSynced(bool synced)
    {
        if (_synced != synced)
        {
            _synced = synced;
            SyncChanged?.Invoke();
        }
    }

    private void Failed(Exception error)
    {
        _fault = error.Message;
        metrics.InformerErrors.WithLabels(options.Type.Kind).Inc();
        LogFailure(options.Type.Kind, @namespace, error.Message);
        if (error is ClusterApiException { Class: ErrorClass.Terminal })
        {
            _refusedAt ??= time.GetTimestamp();
            if (time.GetElapsedTime(_refusedAt.Value) >= RefusalGrace)
            {
                // What cannot be read any more must not be acted on as if nothing had changed.
                SetSynced(false);
            }
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        using var watchdog = new CancellationTokenSource(options.IdleTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, watchdog.Token);
        try
        {
            using var response = await transport.OpenAsync(WatchRequest(), both.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await RefusedAsync(response, both.Token);
            }

            Alive();
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            await WatchStream.ReadLinesAsync(stream, watchdog, options.IdleTimeout, OnLine, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && watchdog.IsCancellationRequested)
        {
            LogSilent(options.Type.Kind, @namespace, options.IdleTimeout);
        }
        finally
        {
            if (time.GetElapsedTime(_lineAt) > MaxQuiet)
            {
                _listCause ??= "silent";
            }
        }
    }

    private async Task<ClusterApiException> RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var answer = new ApiAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct), null);
        var error = ErrorClassifier.ToException(new ApiRequest(HttpMethod.Get, "", $"watch {options.Type.Kind} in '{@namespace}'"), answer);
        if (response.StatusCode == HttpStatusCode.Gone || error.Reason is "Expired" or "Gone")
        {
            _listCause = "expired";
        }
        else if (!RequestPipelines.IsTransient(response.StatusCode))
        {
            _listCause = "error";
        }
        else if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized))
        {
            // A list would be no better for a server with too much to do, nor with a token that has to be read again.
            CountFailedResume();
        }

        return error;
    }

    private void CountFailedResume()
    {
        if (++_failedResumes >= MaxResumes)
        {
            // The server is there but will not go on from this version, for a reason that has no name.
            _listCause = "error";
        }
    }

    private bool OnLine(ReadOnlySpan<byte> line)
    {
        Alive();
        Interlocked.Exchange(ref _lineAt, time.GetTimestamp());
        WatchEvent e;
        try
        {
            e = WatchEvent.Read(line, options.Type);
        }
        catch (System.Text.Json.JsonException error)
        {
            // What it was is unknown: the cache keeps what it has until a list says how things are.
            metrics.InformerUndecodable.WithLabels(options.Type.Kind).Inc();
            LogUndecodable(options.Type.Kind, @namespace, error.Message);
            _listCause = "undecodable";
            return false;
        }

        switch (e.Kind)
        {
            case WatchEventKind.Added or WatchEventKind.Modified:
                store.Put(lister.Retained(e.Object!));
                break;
            case WatchEventKind.Deleted:
                store.Remove(e.Object!);
                break;
            case WatchEventKind.Error:
                return OnError(e);
            default:
                break;
        }

        _version = e.ResourceVersion;
        _failedResumes = 0;
        return true;
    }

    private bool OnError(WatchEvent e)
    {
        if (e.Code == (int)HttpStatusCode.Gone || e.Reason is "Expired" or "Gone")
        {
            _listCause = "expired";
            return false;
        }

        CountFailedResume();
        throw new IOException($"watch {options.Type.Kind}: the server sent error {e.Code} {e.Reason}");
    }

    private void Alive()
    {
        Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
        _fault = null;
        _refusedAt = null;
        metrics.InformerLastEvent.WithLabels(options.Type.Kind).Set(time.GetUtcNow().ToUnixTimeSeconds());
    }

    private ApiRequest WatchRequest()
    {
        var (min, max) = options.WatchTime;
        var seconds = (int)(min + ((max - min) * Random.Shared.NextDouble())).TotalSeconds;
        var path = ApiPaths.Query(
            options.Type.Path(@namespace),
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", _version),
            ("timeoutSeconds", seconds.ToString(CultureInfo.InvariantCulture)),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector));
        return new ApiRequest(HttpMethod.Get, path, $"watch {options.Type.Kind} in '{@namespace}'");
    }

    [LoggerMessage(2100, LogLevel.Warning, "Watching {Kind} in '{Namespace}' failed: {Error}")]
    private partial void LogFailure(string kind, string @namespace, string error);

    [LoggerMessage(2101, LogLevel.Debug, "The watch of {Kind} in '{Namespace}' was silent for {IdleTimeout}; connecting again")]
    private partial void LogSilent(string kind, string @namespace, TimeSpan idleTimeout);

    [LoggerMessage(2102, LogLevel.Error, "An event of {Kind} in '{Namespace}' could not be read: {Error}")]
    private partial void LogUndecodable(string kind, string @namespace, string error);
}
