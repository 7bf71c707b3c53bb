using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Probes;

/// <summary>
/// The probes of one run of a container, until it ends. The startup probe goes first; only after its success the others begin. Readiness is checked also while
/// the container is being stopped, the others are not.
/// </summary>
internal sealed class ContainerProbes
{
    private readonly V1Container _container;
    private readonly ContainerRun _run;
    private readonly ProbeCheck _check;
    private readonly TimeProvider _clock;

    public ContainerProbes(V1Container container, ContainerRun run, string podAddress, TimeProvider clock)
    {
        _container = container;
        _run = run;
        _clock = clock;
        _check = new ProbeCheck(container, podAddress, run.Process, clock);
    }

    /// <summary>Something that the pod's status shows has changed.</summary>
    public required Action Changed { get; init; }

    /// <summary>A check failed: the probe's name and the output.</summary>
    public required Action<string, string> Failed { get; init; }

    /// <summary>The container has to be ended: the probe and its name.</summary>
    public required Action<V1Probe, string> Condemned { get; init; }

    /// <summary>Probes until the run ends.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (_container.StartupProbe is { } startup)
            {
                await LoopAsync(startup, "Startup", verdict => _run.Started = verdict, until: () => _run.Started || _run.IsStopping);
            }

            _run.Started = _run.Started || _container.StartupProbe is null;
            _run.Ready = _run.Started && _container.ReadinessProbe is null;
            Changed();
            await Task.WhenAll(
                _container.ReadinessProbe is { } readiness ? LoopAsync(readiness, "Readiness", verdict => _run.Ready = verdict, until: () => false) : Task.CompletedTask,
                _container.LivenessProbe is { } liveness ? LoopAsync(liveness, "Liveness", _ => { }, until: () => _run.IsStopping) : Task.CompletedTask);
        }
        catch (OperationCanceledException) when (_run.Over.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task LoopAsync(V1Probe probe, string name, Action<bool> decide, Func<bool> until)
    {
        var tally = new ProbeTally(probe.SuccessThreshold ?? 1, probe.FailureThreshold ?? 3);
        var first = _run.StartedAt + Seconds(probe.InitialDelaySeconds, 0) - _clock.GetUtcNow();
        await Task.Delay(first > TimeSpan.Zero ? first : TimeSpan.Zero, _clock, _run.Over);
        while (!until())
        {
            var begun = _clock.GetUtcNow();
            var result = await _check.RunAsync(probe.Exec, probe.HttpGet, probe.TcpSocket, Seconds(probe.TimeoutSeconds, 1), _run.Over);
            if (!result.Success)
            {
                Failed(name, result.Output);
            }

            if (tally.Add(result.Success) is { } verdict)
            {
                decide(verdict);
                Changed();
                if (!verdict && name != "Readiness")
                {
                    Condemned(probe, name);
                    return;
                }
            }

            if (!until())
            {
                var pause = begun + Seconds(probe.PeriodSeconds, 10) - _clock.GetUtcNow();
                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _clock, _run.Over);
            }
        }
    }

    private static TimeSpan Seconds(int? value, int byDefault) => TimeSpan.FromSeconds(value is > 0 and var given ? given : byDefault);
}
