using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.Benchmarks.Measurements;
using FamilyAssistant.Operator.Benchmarks.Output;
using FamilyAssistant.Operator.Benchmarks.World;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;

namespace FamilyAssistant.Operator.Benchmarks;

/// <summary>One build of the operator on a cluster of its own: create, settle, change, delete, start anew.</summary>
internal sealed class BenchmarkRun(BenchmarkSettings settings, string artifacts, Action<string> progress)
{
    /// <summary>Version of the API server that was measured against.</summary>
    public KubeVersion? Server { get; private set; }

    /// <summary>Measures.</summary>
    public async Task<Figures> MeasureAsync(OperatorFlavour flavour, CancellationToken ct)
    {
        var folder = await OperatorPublisher.PublishAsync(flavour, progress, ct);
        var log = Path.Combine(artifacts, $"bench-operator-{flavour.ToString().ToLowerInvariant()}.log");
        File.Delete(log);
        await using var world = await BenchmarkWorld.StartAsync(new InstanceNames(settings.Instances, settings.PerNamespace), progress, ct);
        Server = world.Cluster.Capabilities.ServerVersion;

        var process = OperatorProcess.Start(folder, world.Kubeconfig, log);
        await using var owned = process;
        await process.ReadyAsync(ct);
        progress($"creating {settings.Instances} instances");
        var creation = await process.AliveDuringAsync(Creation.MeasureAsync(world, ct), ct);
        progress($"all are Ready after {creation.Seconds:F1} s; a settled minute");
        var settled = await Settled.MeasureAsync(world, process, ct);
        progress($"changing {settings.Samples} specs");
        var (reactions, raw) = await process.AliveDuringAsync(Reactions.MeasureAsync(world, settings.Samples, ct), ct);
        progress("deleting children");
        var repairs = await process.AliveDuringAsync(DriftRepairs.MeasureAsync(world, settings.Samples / 2, ct), ct);
        await Requests.UntilQuietAsync(world.Cluster.Audit, ct);
        var peak = process.PeakResidentMiB;
        await process.StopAsync();
        progress("starting the operator anew");
        var start = await ColdStart.MeasureAsync(world, () => OperatorProcess.Start(folder, world.Kubeconfig, log), ct);
        return Compose(creation, settled, reactions, raw, repairs, start, peak);
    }

    private Figures Compose(Creation creation, Settled settled, Sample reactions, Sample raw, Sample repairs, ColdStart start, double peak) => new()
    {
        Instances = settings.Instances,
        ObjectsPerInstance = PerInstance(creation.Requests.Objects),
        RequestsPerInstance = PerInstance(creation.Requests.Writes + creation.Requests.Gets),
        SettledRequestsPerMinute = (settled.Requests.Writes + settled.Requests.Gets + settled.Requests.Lists) / settled.Minutes,
        RawApplyP50Ms = raw.Percentile(50),
        ReactionP50Ms = reactions.Percentile(50),
        ReactionP99Ms = reactions.Percentile(99),
        DriftRepairP50Ms = repairs.Percentile(50),
        ConvergeSeconds = creation.Seconds,
        ColdStartMs = start.Milliseconds,
        ColdStartWrites = start.Requests.Writes,
        ColdStartReads = start.Requests.Gets + start.Requests.Lists,
        RssMiB = settled.ResidentMiB,
        CpuSecondsSettledPerMinute = settled.ProcessorSeconds / settled.Minutes,
        Details = new Details
        {
            StatusWritesPerInstance = PerInstance(creation.Requests.StatusWrites),
            EventsPerInstance = PerInstance(creation.Requests.Events),
            CreationRequestsPerInstance = creation.Requests.ByKind.ToDictionary(kind => kind.Key, kind => PerInstance(kind.Value)),
            SettledRequests = settled.Requests.ByKind,
            ColdStartRequests = start.Requests.ByKind,
            ColdStartLists = start.Requests.Lists,
            ColdStartReadyMs = start.ReadyMilliseconds,
            RawApplyP99Ms = raw.Percentile(99),
            RssAfterColdStartMiB = start.ResidentMiB,
            PeakRssMiB = peak,
        },
    };

    private double PerInstance(int count) => (double)count / settings.Instances;
}
