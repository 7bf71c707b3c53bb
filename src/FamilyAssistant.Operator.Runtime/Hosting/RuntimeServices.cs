using System.Diagnostics.CodeAnalysis;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Leadership;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>Registration of the runtime; see README.md of this project.</summary>
public static class RuntimeServices
{
    /// <summary>Connection, API port, caches, events, leadership, endpoints.</summary>
    public static IServiceCollection AddClusterRuntime(this IServiceCollection services, RuntimeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Api);
        services.AddSingleton(options.Ownership);
        services.AddSingleton(options.Events);
        services.AddSingleton(options.Leadership);
        services.AddSingleton(_ => Metrics.NewCustomRegistry());
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton(provider => new ClusterConnection(
            ConnectionSettings.Resolve(options.Connection, provider.GetRequiredService<TimeProvider>()), options.Connection));
        services.AddSingleton<ApiTransport>();
        services.AddSingleton<IClusterApi, ClusterApi>();
        services.AddSingleton<Caches>();
        services.AddSingleton<ICaches>(provider => provider.GetRequiredService<Caches>());
        services.AddSingleton<IOwnedObjects, OwnedObjects>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddSingleton<ILeaseStore, LeaseStore>();
        services.AddSingleton<LeaderElector>();
        services.AddHostedService<EndpointService>();
        services.AddHostedService<RuntimeService>();
        return services;
    }

    /// <summary>Watches one kind in the namespaces of <see cref="RuntimeOptions.Namespaces"/>, unless the options say otherwise.</summary>
    public static IServiceCollection AddInformer(this IServiceCollection services, ResourceType type, Action<InformerOptions>? configure = null) =>
        services.AddSingleton(provider =>
        {
            var namespaces = provider.GetRequiredService<RuntimeOptions>().Namespaces;
            var options = new InformerOptions(type) { Namespaces = namespaces.Count == 0 ? null : namespaces };
            configure?.Invoke(options);
            return new Informer(
                options,
                provider.GetRequiredService<ApiTransport>(),
                provider.GetRequiredService<RuntimeMetrics>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Informer.{type.Kind}"));
        });

    /// <summary>Adds the one controller of a reconciler; its queue is the process's <see cref="IWorkSink"/>.</summary>
    public static IServiceCollection AddController<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReconciler>(this IServiceCollection services, ControllerOptions options)
        where TReconciler : class, IReconciler
    {
        services.AddSingleton<TReconciler>();
        services.AddSingleton(provider => new WorkQueue(
            options.Name, KeyBackOff.Default, provider.GetRequiredService<RuntimeMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IWorkSink>(provider => provider.GetRequiredService<WorkQueue>());
        services.AddSingleton(provider => new Controller(
            options,
            provider.GetRequiredService<WorkQueue>(),
            provider.GetRequiredService<Caches>(),
            provider.GetRequiredService<TReconciler>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Controller.{options.Name}")));
        return services;
    }
}
