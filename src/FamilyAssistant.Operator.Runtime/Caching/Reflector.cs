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
    private string _version = "";
    private string? _listCause = "start";
    private int _failedResumes;

    /// <summary>Whether the scope was listed completely at least once.</summary>
    public bool HasSynced { get; private set; }

    /// <summary>Why the last attempt failed; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>When the last answer, event or bookmark came.</summary>
    public DateTimeOffset LastActivity { get; private set; } = time.GetUtcNow();

    /// <summary>Called once, after the first complete list.</summary>
    public Action? Synced { get; set; }

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
            catch (Exception e)
            {
                Fault = e.Message;
                metrics.InformerErrors.WithLabels(options.Type.Kind).Inc();
                LogFailure(options.Type.Kind, @namespace, e.Message);
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
        Alive();
        if (!HasSynced)
        {
            HasSynced = true;
            Synced?.Invoke();
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
                await RefusedAsync(response, both.Token);
            }

            _failedResumes = 0;
            Alive();
            await using var stream = await response.Content.ReadAsStreamAsync(both.Token);
            await WatchStream.ReadLinesAsync(stream, watchdog, options.IdleTimeout, OnLine, both.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && watchdog.IsCancellationRequested)
        {
            LogSilent(options.Type.Kind, @namespace, options.IdleTimeout);
            metrics.InformerErrors.WithLabels(options.Type.Kind).Inc();
        }
        catch (Exception e) when (e is IOException or HttpRequestException && HasSynced && !ct.IsCancellationRequested)
        {
            // The connection ended, gracefully or not: the same thing to a reader that goes on from the last version.
            CountFailedResume();
            throw;
        }
    }

    private async Task RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        var status = StatusBody.Parse(body);
        if (response.StatusCode == HttpStatusCode.Gone || status.Reason is "Expired" or "Gone")
        {
            _listCause = "expired";
        }
        else if (!RequestPipelines.IsTransient(response.StatusCode))
        {
            _listCause = "error";
        }
        else
        {
            CountFailedResume();
        }

        throw new IOException($"watch {options.Type.Kind}: {(int)response.StatusCode} {status.Reason} {status.Message}");
    }

    private void CountFailedResume()
    {
        if (++_failedResumes >= MaxResumes)
        {
            // For instance a version from the future, after the server's store was restored from a backup.
            _listCause = "error";
        }
    }

    private bool OnLine(ReadOnlySpan<byte> line)
    {
        Alive();
        WatchEvent e;
        try
        {
            e = WatchEvent.Read(line, options.Type);
        }
        catch (System.Text.Json.JsonException error)
        {
            // What it was is unknown: the cache keeps what it has, the watch goes on, and its end is followed by a list.
            metrics.InformerUndecodable.WithLabels(options.Type.Kind).Inc();
            LogUndecodable(options.Type.Kind, @namespace, error.Message);
            _listCause = "undecodable";
            return true;
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
        LastActivity = time.GetUtcNow();
        Fault = null;
        metrics.InformerLastEvent.WithLabels(options.Type.Kind).Set(LastActivity.ToUnixTimeSeconds());
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

    [LoggerMessage(2101, LogLevel.Warning, "The watch of {Kind} in '{Namespace}' was silent for {IdleTimeout}; connecting again")]
    private partial void LogSilent(string kind, string @namespace, TimeSpan idleTimeout);

    [LoggerMessage(2102, LogLevel.Error, "An event of {Kind} in '{Namespace}' could not be read: {Error}")]
    private partial void LogUndecodable(string kind, string @namespace, string error);
}
