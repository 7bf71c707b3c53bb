using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Leadership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>
/// The life of the process: caches at once on every replica, so that a new leader is warm; controllers only while this replica leads.
/// Stop: no new pass, the passes that run are finished, events are written, the Lease is given up.
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
    /// <summary>Exit code of a process that lost its leadership: the platform starts it again, clean.</summary>
    private const int LostLeadership = 2;

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
            Environment.ExitCode = LostLeadership;
        }
        finally
        {
            await recording.CancelAsync();
            await recorder;
            if (options.Leadership.Enabled && Environment.ExitCode != LostLeadership)
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3), time);
                await elector.ReleaseAsync(limit.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

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

        using var leading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var work = WorkAsync(leading.Token);
        try
        {
            await (options.Leadership.Enabled ? elector.HoldAsync(ct) : Task.Delay(Timeout.InfiniteTimeSpan, time, ct));
        }
        finally
        {
            await leading.CancelAsync();
            await work;
        }
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        try
        {
            while (!caches.HasSynced)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, ct);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        LogWorking(_controllers.Length);
        await Task.WhenAll(_controllers.Select(controller => controller.RunAsync(ct)));
    }

    [LoggerMessage(400, LogLevel.Information, "The caches are complete; {Count} controllers work")]
    private partial void LogWorking(int count);

    [LoggerMessage(401, LogLevel.Error, "{Error} The process ends, so that nothing of it goes on working")]
    private partial void LogLost(string error);
}
