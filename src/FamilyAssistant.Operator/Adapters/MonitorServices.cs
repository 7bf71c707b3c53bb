using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Adapters.Health;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Prometheus;

namespace FamilyAssistant.Operator.Adapters;

/// <summary>Registration of the monitors.</summary>
internal static class MonitorServices
{
    /// <summary>Needs <c>IWorkSink</c>, <c>IClusterApi</c>, <c>ICaches</c>, <c>TimeProvider</c> and logging. Metrics go to the default registry unless another one is registered.</summary>
    public static IServiceCollection AddMonitors(this IServiceCollection services, MonitorOptions options)
    {
        services.TryAddSingleton(Metrics.DefaultRegistry);
        return services
            .AddSingleton(options)
            .AddSingleton<AddressPolicy>()
            .AddSingleton(HostLookup.System)
            .AddSingleton<DatabaseMetrics>()
            .AddSingleton<IDatabaseProbe, DatabaseProbe>()
            .AddSingleton<IDatabaseMonitor, DatabaseMonitor>()
            .AddSingleton<IPushSubscriptions, PushSubscriptions>()
            .AddSingleton<HealthMetrics>()
            .AddSingleton<IHealthProbe, HealthProbe>()
            .AddSingleton<IHealthMonitor, HealthMonitor>()
            .AddSingleton<ConflictMetrics>()
            .AddSingleton<ILogReader, LogReader>()
            .AddSingleton<PollerSearch>()
            .AddSingleton<ConflictMonitor>()
            .AddSingleton<IConflictMonitor>(provider => provider.GetRequiredService<ConflictMonitor>())
            .AddSingleton<IHealthListener>(provider => provider.GetRequiredService<ConflictMonitor>());
    }
}
