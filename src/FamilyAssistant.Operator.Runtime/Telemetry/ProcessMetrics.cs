using Prometheus;

namespace FamilyAssistant.Operator.Runtime.Telemetry;

/// <summary>CPU, memory and handles of the process, under the names that dashboards for controllers ask for.</summary>
internal static class ProcessMetrics
{
    /// <summary>Adds them to a registry.</summary>
    public static void Register(CollectorRegistry registry)
    {
        DotNetStats.Register(registry);
        var resident = Metrics.WithCustomRegistry(registry).CreateGauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        registry.AddBeforeCollectCallback(() => resident.Set(Environment.WorkingSet));
    }
}
