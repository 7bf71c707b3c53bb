using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>One container of a pod over all of its runs. It belongs to its pod's loop: nothing here waits for a process.</summary>
internal sealed class ContainerUnit(V1Container spec, bool isInit, PodServices services)
{
    private static readonly TimeSpan ConfigRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ErrorShown = TimeSpan.FromSeconds(1);
    private readonly ContainerStarter _starter = new(services);
    private readonly BackOff _restarts = services.NewBackOff();
    private readonly BackOff _pulls = services.NewBackOff();
    private DateTimeOffset? _pullFailedAt;
    private DateTimeOffset? _retryAt;
    private ImagePullException? _pullFailure;
    private V1ContainerStateWaiting? _waiting;
    private V1ContainerStateTerminated? _ended;
    private V1ContainerStateTerminated? _endedBefore;
    private ContainerRun? _lastRun;
    private int _runs;

    public V1Container Spec => spec;

    public bool IsInit => isInit;

    /// <summary>The run that is going on.</summary>
    public ContainerRun? Run { get; private set; }

    /// <summary>Log of the present or the last run.</summary>
    public ContainerLog? Log => _lastRun?.Log;

    /// <summary>Log of the run before that.</summary>
    public ContainerLog? PreviousLog { get; private set; }

    /// <summary>Whether its last run ended with 0.</summary>
    public bool HasSucceeded => Run is null && _ended is { ExitCode: 0 };

    /// <summary>Why it does not run; null before it was tried.</summary>
    public string? WaitingReason => _waiting?.Reason;

    /// <summary>Takes note of the end of a run.</summary>
    public void NoteEnd()
    {
        if (Run is { Ended.IsCompletedSuccessfully: true } run)
        {
            _endedBefore = _ended;
            _ended = ContainerEnds.Of(spec, run, run.Ended.Result.ExitCode, run.Ended.Result.At);
            Run = null;
        }
    }

    /// <summary>Something that it refers to changed: what was in its way may be gone.</summary>
    public void RetryNow() => _retryAt = null;

    /// <summary>Starts it when it should run and nothing speaks against it. Returns a new run, and asks to be called again through the alarm.</summary>
    public async Task<ContainerRun?> EnsureAsync(PodScene scene, Action<DateTimeOffset> alarm, CancellationToken cancellation)
    {
        if (Run is not null || !ShouldRun(scene.Pod.Spec.RestartPolicy) || IsPausing(alarm) || IsBackingOff(scene.Pod, alarm) || Pull(scene.Pod, alarm) is not { } image)
        {
            return null;
        }

        try
        {
            var run = await _starter.StartAsync(scene, spec, image, _runs, cancellation);
            if (_runs++ > 0)
            {
                _restarts.Grow(services.Now);
            }

            PreviousLog = _lastRun?.Log;
            _waiting = null;
            services.Events.Normal(scene.Pod, spec.Name, "Created", $"Created container {spec.Name}");
            services.Events.Normal(scene.Pod, spec.Name, "Started", $"Started container {spec.Name}");
            return Run = _lastRun = run;
        }
        catch (ContainerConfigException e)
        {
            Wait("CreateContainerConfigError", e.Message);
            services.Events.Warning(scene.Pod, spec.Name, "Failed", $"Error: {e.Message}");
            PauseFor(ConfigRetry, alarm);
            return null;
        }
    }

    /// <summary>Its status; <paramref name="idle"/> is the reason while it has not been tried.</summary>
    public V1ContainerStatus Status(string idle)
    {
        var running = Run is null ? null : new V1ContainerStateRunning { StartedAt = Run.StartedAt.UtcDateTime };
        var waiting = running is not null ? null : _waiting ?? (_ended is null ? new V1ContainerStateWaiting { Reason = idle } : null);
        var isTerminated = running is null && waiting is null;
        var previous = isTerminated ? _endedBefore : _ended;
        return new V1ContainerStatus
        {
            Name = spec.Name,
            Image = spec.Image,
            ImageID = _lastRun?.Image.Id ?? "",
            ContainerID = _lastRun?.Id,
            RestartCount = Math.Max(0, _runs - 1),
            Ready = isInit ? HasSucceeded : Run is { Ready: true },
            Started = isInit ? null : Run is { Started: true },
            State = new V1ContainerState { Running = running, Waiting = waiting, Terminated = isTerminated ? _ended : null },
            LastState = new V1ContainerState { Terminated = previous },
        };
    }

    private bool ShouldRun(string restartPolicy) => _ended is null || (restartPolicy, isInit) switch
    {
        ("Always", false) => true,
        ("Never", _) => false,
        _ => _ended.ExitCode != 0,
    };

    /// <summary>After a fault nothing is tried again at once, whatever else wakes the pod: its own status does, for one.</summary>
    private bool IsPausing(Action<DateTimeOffset> alarm)
    {
        if (_retryAt is not { } time || time <= services.Now)
        {
            return false;
        }

        alarm(time);
        return true;
    }

    private void PauseFor(TimeSpan pause, Action<DateTimeOffset> alarm)
    {
        _retryAt = services.Now + pause;
        alarm(_retryAt.Value);
    }

    private bool IsBackingOff(V1Pod pod, Action<DateTimeOffset> alarm)
    {
        if (_ended?.FinishedAt is not { } finished || _restarts.Until(finished) is var until && until <= services.Now)
        {
            return false;
        }

        if (_waiting?.Reason != "CrashLoopBackOff")
        {
            services.Events.Warning(pod, spec.Name, "BackOff", "Back-off restarting failed container");
        }

        var identity = $"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})";
        Wait("CrashLoopBackOff", $"back-off {Duration(_restarts.Delay)} restarting failed container={spec.Name} pod={identity}");
        alarm(until);
        return true;
    }

    private PulledImage? Pull(V1Pod pod, Action<DateTimeOffset> alarm)
    {
        if (_pullFailedAt is { } failed && _pulls.Until(failed) is var until && until > services.Now)
        {
            if (_waiting?.Reason != "ImagePullBackOff")
            {
                Wait("ImagePullBackOff", _pullFailure!.BackOffMessage!);
                services.Events.Normal(pod, spec.Name, "BackOff", _pullFailure.BackOffMessage!);
            }

            alarm(until);
            return null;
        }

        try
        {
            var image = services.Images.Pull(spec.Image, spec.ImagePullPolicy);
            services.Events.Normal(
                pod, spec.Name, "Pulled", image.WasPresent ? $"Container image \"{spec.Image}\" already present on machine" : $"Successfully pulled image \"{spec.Image}\"");
            _pullFailedAt = null;
            _pulls.Reset();
            return image;
        }
        catch (ImagePullException e)
        {
            NotePullFailure(pod, e, alarm);
            return null;
        }
    }

    private void NotePullFailure(V1Pod pod, ImagePullException e, Action<DateTimeOffset> alarm)
    {
        Wait(e.Reason, e.Message);
        services.Events.Warning(pod, spec.Name, "Failed", e.BackOffMessage is null ? e.Message : $"Failed to pull image \"{spec.Image}\": {e.Message}");
        if (e.BackOffMessage is null)
        {
            PauseFor(ConfigRetry, alarm);
            return;
        }

        _pullFailure = e;
        _pullFailedAt = services.Now;
        _pulls.Grow(services.Now);
        // For a moment the error shows, then the delay.
        PauseFor(_pulls.Delay / 2 < ErrorShown ? _pulls.Delay / 2 : ErrorShown, alarm);
    }

    private void Wait(string reason, string message) => _waiting = new V1ContainerStateWaiting { Reason = reason, Message = message };

    private static string Duration(TimeSpan time) => time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes}m{time.Seconds}s" : $"{time.TotalSeconds:0.###}s";
}
