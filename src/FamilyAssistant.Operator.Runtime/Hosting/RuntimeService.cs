using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Leadership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>
/// The life of the process: caches at once on every replica, so that a new leader is warm; controllers only while this replica leads.
/// Stop: no new pass, the passes that run are finished, the Lease is given up, events are written.
/// </summary>
internal sealed partial class RuntimeService(
    Caches caches,
    IEnumerable<Controller> controllers,
    EventRecorder events,
    LeaderElector elector,
    RuntimeOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<RuntimeService> logger) : BackgroundService
{
    /// <summary>How long the controllers wait for every cache. After that they begin: each pass asks for the caches of its own namespace, and one that cannot be read must not stop all others.</summary>
    private static readonly TimeSpan SyncLimit = TimeSpan.FromSeconds(30);

    private readonly Controller[] _controllers = [.. controllers];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var informers = new CancellationTokenSource();
        using var recording = new CancellationTokenSource();
        var loops = Task.WhenAll(caches.All.Select(informer => informer.RunAsync(informers.Token)));
        var recorder = events.RunAsync(options.StopDeadline, recording.Token);
        try
        {
            await LeadAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An ordinary stop.
        }
        catch (LeadershipLostException error)
        {
            LogLost(error.Message);
            Environment.ExitCode = ExitCodes.LeadershipLost;
        }
#pragma warning disable CA1031 // Whatever it was: the process ends with a code that says so, instead of going on with half of itself.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogBroken(error);
            Environment.ExitCode = ExitCodes.Broken;
        }
        finally
        {
            await recording.CancelAsync();
            await recorder;
            await informers.CancelAsync();
            await loops;
            lifetime.StopApplication();
        }
    }

    private async Task LeadAsync(CancellationToken ct)
    {
        if (options.Leadership.Enabled)
        {
            await elector.AcquireAsync(ct);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var work = WorkAsync(stop.Token, abort.Token);
        var lost = false;
        try
        {
            // Controllers end only when told to, or when one is broken: then the process must not go on without it.
            await await Task.WhenAny(options.Leadership.Enabled ? elector.HoldAsync(ct) : Task.Delay(Timeout.InfiniteTimeSpan, time, ct), work);
        }
        catch (LeadershipLostException)
        {
            lost = true;
            throw;
        }
        finally
        {
            await stop.CancelAsync();
            abort.CancelAfter(lost ? TimeSpan.Zero : options.StopDeadline);
            await EndAsync(work);
            if (options.Leadership.Enabled && !lost)
            {
                await ReleaseAsync();
            }
        }
    }

    /// <summary>A pass that does not heed its cancellation is left behind; the end of the process ends it.</summary>
    private async Task EndAsync(Task work)
    {
        try
        {
            await work.WaitAsync(options.StopDeadline + TimeSpan.FromSeconds(1), time);
        }
        catch (TimeoutException)
        {
            LogLeftBehind();
        }
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
        try
        {
            await elector.ReleaseAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The API server does not answer: the Lease runs out by itself.
        }
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort)
    {
        var began = time.GetTimestamp();
        try
        {
            while (!caches.HasSynced && time.GetElapsedTime(began) < SyncLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (caches.HasSynced)
        {
            LogWorking(_controllers.Length);
        }
        else
        {
            LogWorkingWithout(_controllers.Length, string.Join(", ", caches.All.Where(informer => !informer.HasSynced).Select(informer => informer.Type.Kind)));
        }

        await Task.WhenAll(_controllers.Select(controller => controller.RunAsync(stop, abort)));
    }

    [LoggerMessage(400, LogLevel.Information, "The caches are complete; {Count} controllers work")]
    private partial void LogWorking(int count);

    [LoggerMessage(401, LogLevel.Error, "{Error} The process ends, so that nothing of it goes on working")]
    private partial void LogLost(string error);

    [LoggerMessage(402, LogLevel.Warning, "{Count} controllers work, but not where these cannot be read: {Kinds}")]
    private partial void LogWorkingWithout(int count, string kinds);

    [LoggerMessage(403, LogLevel.Critical, "The process ends after an unexpected exception")]
    private partial void LogBroken(Exception error);

    [LoggerMessage(404, LogLevel.Warning, "A pass did not end in time and is left behind")]
    private partial void LogLeftBehind();
}
