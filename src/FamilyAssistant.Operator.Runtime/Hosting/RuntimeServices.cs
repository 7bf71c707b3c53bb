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
    private const string Election = "election";

    /// <summary>Connection, API port, caches, events, leadership, endpoints.</summary>
    public static IServiceCollection AddClusterRuntime(this IServiceCollection services, RuntimeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Api);
        services.AddSingleton(options.Ownership);
        services.AddSingleton(options.Events);
        services.AddSingleton(options.Leadership);
        services.AddSingleton(_ => NewRegistry());
        services.AddSingleton<RuntimeMetrics>();
        services.AddSingleton(provider => ConnectionSettings.Resolve(options.Connection, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ClusterConnection(provider.GetRequiredService<ConnectionSettings>(), options.Connection));
        services.AddSingleton<ApiTransport>();
        services.AddSingleton<IClusterApi, ClusterApi>();
        services.AddSingleton<Caches>();
        services.AddSingleton<ICaches>(provider => provider.GetRequiredService<Caches>());
        services.AddSingleton<IOwnedObjects, OwnedObjects>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        AddElection(services, options);
        services.AddHostedService<EndpointService>();
        services.AddHostedService<RuntimeService>();
        services.AddHostedService<HeapTrimmer>();
        return services;
    }

    /// <summary>The election has a connection of its own: neither a flood of other requests nor one dead connection may cost the leadership.</summary>
    private static void AddElection(IServiceCollection services, RuntimeOptions options)
    {
        services.AddKeyedSingleton(Election, (provider, _) => new ClusterConnection(
            provider.GetRequiredService<ConnectionSettings>(), options.Connection with { HttpVersion = System.Net.HttpVersion.Version11 }));
        services.AddSingleton<ILeaseStore>(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            var transport = new ApiTransport(provider.GetRequiredKeyedService<ClusterConnection>(Election), provider.GetRequiredService<RuntimeMetrics>(), time);
            return new LeaseStore(new ClusterApi(transport, LeaseStore.Patience(options.Api, options.Leadership), time), options.Leadership);
        });
        services.AddSingleton<LeaderElector>();
    }

    private static CollectorRegistry NewRegistry()
    {
        var registry = Metrics.NewCustomRegistry();
        ProcessMetrics.Register(registry);
        return registry;
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

    /// <summary>
    /// Adds the controller of a kind. Its queue is the <see cref="IWorkSink"/> with the kind's <see cref="ResourceType"/> as key: two controllers must never take each other's keys.
    /// </summary>
    public static IServiceCollection AddController<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReconciler>(this IServiceCollection services, ControllerOptions options)
        where TReconciler : class, IReconciler
    {
        services.AddSingleton<TReconciler>();
        services.AddKeyedSingleton(options.Primary, (provider, _) => new WorkQueue(
            options.Name, KeyBackOff.Default, provider.GetRequiredService<RuntimeMetrics>(), provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<IWorkSink>(options.Primary, (provider, key) => provider.GetRequiredKeyedService<WorkQueue>(key));
        services.AddSingleton(provider => new Controller(
            options,
            provider.GetRequiredKeyedService<WorkQueue>(options.Primary),
            provider.GetRequiredService<Caches>(),
            provider.GetRequiredService<TReconciler>(),
            provider.GetRequiredService<RuntimeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>().CreateLogger($"Controller.{options.Name}")));
        return services;
    }
}
