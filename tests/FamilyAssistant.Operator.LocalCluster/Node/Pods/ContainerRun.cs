using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>One run of a container. Its end is told through <see cref="Ended"/>; what probes find is kept here.</summary>
internal sealed class ContainerRun
{
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly SandboxProcess _process;
    private readonly TimeProvider _clock;
    private ITimer? _killTimer;
    private DateTimeOffset _killAt = DateTimeOffset.MaxValue;

    public ContainerRun(PulledImage image, SandboxProcess process, ContainerLog log, string terminationFile, DateTimeOffset startedAt, TimeProvider clock)
    {
        Image = image;
        Log = log;
        TerminationFile = terminationFile;
        StartedAt = startedAt;
        _process = process;
        _clock = clock;
        var over = new CancellationTokenSource();
        Over = over.Token;
        Ended = EndAsync(over);
    }

    /// <summary>Made up, as runtimes make theirs up.</summary>
    public string Id { get; } = $"localcluster://{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public PulledImage Image { get; }

    public SandboxProcess Process => _process;

    public ContainerLog Log { get; }

    /// <summary>The file that the container sees as its <c>terminationMessagePath</c>.</summary>
    public string TerminationFile { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Exit code and time of the end, when no process of it is left.</summary>
    public Task<(int ExitCode, DateTimeOffset At)> Ended { get; }

    /// <summary>Cancelled at its end.</summary>
    public CancellationToken Over { get; }

    /// <summary>Whether the startup probe has succeeded; true at once without one.</summary>
    public volatile bool Started;

    /// <summary>Whether the readiness probe succeeds; true once started without one.</summary>
    public volatile bool Ready;

    /// <summary>Whether it has been asked to end.</summary>
    public bool IsStopping => _killAt != DateTimeOffset.MaxValue;

    /// <summary>
    /// Asks it to end: first the hook (when there is one), then SIGTERM, and SIGKILL after the grace period, in which the hook's time counts. Asked again, the
    /// shorter period wins.
    /// </summary>
    public void Stop(TimeSpan grace, Func<CancellationToken, Task>? beforeStop = null)
    {
        lock (_lock)
        {
            if (Ended.IsCompleted)
            {
                return;
            }

            var first = !IsStopping;
            var killAt = _clock.GetUtcNow() + grace;
            if (killAt < _killAt)
            {
                _killAt = killAt;
                _killTimer?.Dispose();
                _killTimer = _clock.CreateTimer(_ => _process.Kill(), null, grace, Timeout.InfiniteTimeSpan);
            }

            if (first)
            {
                _ = TerminateAsync(grace, beforeStop);
            }
        }
    }

    /// <summary>Whether nobody on the node could look at how it ended.</summary>
    public volatile bool IsLost;

    /// <summary>Ends it at once, as a crash would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends it at once, and what it left in its termination file is lost.</summary>
    public void Lose()
    {
        IsLost = true;
        Kill();
    }

    private async Task TerminateAsync(TimeSpan grace, Func<CancellationToken, Task>? beforeStop)
    {
        if (beforeStop is not null)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Over);
            await using var timer = _clock.CreateTimer(_ => patience.Cancel(), null, grace, Timeout.InfiniteTimeSpan);
            await beforeStop(patience.Token);
            Prolong();
        }

        await _process.TerminateAsync();
    }

    /// <summary>However long the hook took, the program itself gets two seconds.</summary>
    private void Prolong()
    {
        lock (_lock)
        {
            var least = _clock.GetUtcNow() + LeastGrace;
            if (!Ended.IsCompleted && _killAt < least)
            {
                _killAt = least;
                _killTimer?.Change(LeastGrace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task<(int ExitCode, DateTimeOffset At)> EndAsync(CancellationTokenSource over)
    {
        var code = await _process.Exited;
        lock (_lock)
        {
            _killTimer?.Dispose();
            Ready = false;
        }

        await over.CancelAsync();
        return (code, _clock.GetUtcNow());
    }
}
