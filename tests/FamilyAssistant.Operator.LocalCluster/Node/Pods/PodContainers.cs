using FamilyAssistant.Operator.LocalCluster.Node.Probes;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The containers of one pod, in the order in which they run: each init container to its end, then all others.</summary>
internal sealed class PodContainers
{
    private readonly PodServices _services;
    private readonly Action _changed;

    /// <param name="spec">The pod's.</param>
    /// <param name="services">The node's.</param>
    /// <param name="changed">Something happened to a container.</param>
    public PodContainers(V1PodSpec spec, PodServices services, Action changed)
    {
        _services = services;
        _changed = changed;
        Init = [.. (spec.InitContainers ?? []).Select(container => new ContainerUnit(container, isInit: true, services))];
        Main = [.. spec.Containers.Select(container => new ContainerUnit(container, isInit: false, services))];
    }

    public IReadOnlyList<ContainerUnit> Init { get; }

    public IReadOnlyList<ContainerUnit> Main { get; }

    public IEnumerable<ContainerUnit> All => Init.Concat(Main);

    /// <summary>Whether any process of the pod is left.</summary>
    public bool AreRunning => All.Any(unit => unit.Run is not null);

    public ContainerUnit? Find(string name) => All.FirstOrDefault(unit => unit.Spec.Name == name);

    public void NoteEnds()
    {
        foreach (var unit in All)
        {
            unit.NoteEnd();
        }
    }

    /// <summary>A Secret or ConfigMap of the pod changed.</summary>
    public void RetryNow()
    {
        foreach (var unit in All)
        {
            unit.RetryNow();
        }
    }

    /// <summary>Starts what should run and may.</summary>
    public async Task EnsureAsync(PodScene scene, Action<DateTimeOffset> alarm, CancellationToken cancellation)
    {
        foreach (var unit in Init)
        {
            if (!unit.HasSucceeded)
            {
                await EnsureAsync(unit, scene, alarm, cancellation);
                return;
            }
        }

        foreach (var unit in Main)
        {
            await EnsureAsync(unit, scene, alarm, cancellation);
        }
    }

    /// <summary>Asks what runs to end, each after its hook.</summary>
    public void Stop(V1Pod pod, string address, TimeSpan grace)
    {
        foreach (var unit in All)
        {
            if (unit.Run is { IsStopping: false })
            {
                _services.Events.Normal(pod, unit.Spec.Name, "Killing", $"Stopping container {unit.Spec.Name}");
            }

            Stop(unit, address, grace);
        }
    }

    /// <summary>Ends what runs at once; nobody learns what it had to say.</summary>
    public void Lose()
    {
        foreach (var unit in All)
        {
            unit.Run?.Lose();
        }
    }

    private async Task EnsureAsync(ContainerUnit unit, PodScene scene, Action<DateTimeOffset> alarm, CancellationToken cancellation)
    {
        if (await unit.EnsureAsync(scene, alarm, cancellation) is not { } run)
        {
            return;
        }

        _ = run.Ended.ContinueWith(_ => _changed(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (unit.IsInit)
        {
            return;
        }

        var grace = TimeSpan.FromSeconds(scene.Pod.Spec.TerminationGracePeriodSeconds ?? 30);
        var probes = new ContainerProbes(unit.Spec, run, scene.Network.Address, _services.Clock)
        {
            Changed = _changed,
            Failed = (name, output) => _services.Events.Warning(scene.Pod, unit.Spec.Name, "Unhealthy", $"{name} probe failed: {output}"),
            Condemned = (probe, name) =>
            {
                _services.Events.Normal(scene.Pod, unit.Spec.Name, "Killing", $"Container {unit.Spec.Name} failed {name.ToLowerInvariant()} probe, will be restarted");
                Stop(unit, scene.Network.Address, probe.TerminationGracePeriodSeconds is { } own ? TimeSpan.FromSeconds(own) : grace);
            },
        };
        _ = Task.Run(probes.RunAsync, CancellationToken.None);
    }

    private void Stop(ContainerUnit unit, string address, TimeSpan grace)
    {
        if (unit.Run is not { } run)
        {
            return;
        }

        var hook = unit.Spec.Lifecycle?.PreStop;
        run.Stop(grace, hook is null ? null : async cancellation =>
        {
            var check = new ProbeCheck(unit.Spec, address, run.Process, _services.Clock);
            await check.RunAsync(hook.Exec, hook.HttpGet, hook.TcpSocket, grace, cancellation);
        });
    }
}
