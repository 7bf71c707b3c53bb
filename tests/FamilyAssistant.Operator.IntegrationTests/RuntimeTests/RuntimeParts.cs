using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Connection;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Leadership;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

/// <summary>Parts of the runtime over a kubeconfig, put together as the operator does.</summary>
internal sealed class RuntimeParts : IDisposable
{
    private readonly ClusterConnection _connection;
    private readonly ClusterConnection _election;
    private readonly ConnectionSettings _settings;

    public RuntimeParts(string kubeconfig)
    {
        var options = new ConnectionOptions { KubeConfigPath = kubeconfig, UserAgent = "runtime-tests" };
        _settings = ConnectionSettings.Resolve(options, TimeProvider.System);
        _connection = new ClusterConnection(_settings, options);
        _election = new ClusterConnection(_settings, options with { HttpVersion = System.Net.HttpVersion.Version11 });
        Transport = new ApiTransport(_connection, Metrics, TimeProvider.System);
        Api = new ClusterApi(Transport, ApiOptions, TimeProvider.System);
    }

    public static ClusterApiOptions ApiOptions { get; } = new() { FieldManager = "runtime-tests" };

    public RuntimeMetrics Metrics { get; } = new(Prometheus.Metrics.NewCustomRegistry());

    public ApiTransport Transport { get; }

    public IClusterApi Api { get; }

    public Informer Informer(ResourceType type, string @namespace, Action<InformerOptions>? configure = null)
    {
        var options = new InformerOptions(type) { Namespaces = [@namespace] };
        configure?.Invoke(options);
        return new Informer(options, Transport, Metrics, TimeProvider.System, NullLogger.Instance);
    }

    public EventRecorder Recorder() => new(Api, new EventOptions("example.com/runtime-tests", "test-run"), Metrics, TimeProvider.System, NullLogger<EventRecorder>.Instance);

    public LeaderElector Elector(LeaderOptions options) => new(
        new LeaseStore(new ClusterApi(new ApiTransport(_election, Metrics, TimeProvider.System), LeaseStore.Patience(ApiOptions, options), TimeProvider.System), options),
        options,
        Metrics,
        TimeProvider.System,
        NullLogger<LeaderElector>.Instance);

    public void Dispose()
    {
        _connection.Dispose();
        _election.Dispose();
    }
}
