using Prometheus;

namespace FamilyAssistant.Operator.Runtime.Telemetry;

/// <summary>
/// Every metric of the runtime. Names and labels are those of controller-runtime and client-go, so that existing dashboards and alerts work;
/// <c>informer_…</c> has no model there.
/// </summary>
public sealed class RuntimeMetrics
{
    private static readonly double[] PassBuckets =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60];
    private static readonly double[] RequestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 45, 60];
    private static readonly double[] QueueBuckets = Histogram.ExponentialBuckets(1e-6, 10, 9);

    /// <summary>Creates the metrics in a registry.</summary>
    public RuntimeMetrics(CollectorRegistry registry)
    {
        Registry = registry;
        var f = Metrics.WithCustomRegistry(registry);
        Requests = f.CreateCounter("rest_client_requests_total", "Requests to the API server by status code.", "code", "method", "host");
        RequestSeconds = Histo(f, "rest_client_request_duration_seconds", "Time until the answer was complete; for a watch, until its headers.", RequestBuckets, "verb", "host");
        Passes = f.CreateCounter("controller_runtime_reconcile_total", "Passes by outcome.", "controller", "result");
        Errors = f.CreateCounter("controller_runtime_reconcile_errors_total", "Passes that failed.", "controller");
        TerminalErrors = f.CreateCounter("controller_runtime_terminal_reconcile_errors_total", "Passes that failed with an error no quick retry mends.", "controller");
        Panics = f.CreateCounter("controller_runtime_reconcile_panics_total", "Passes that ended with an unexpected exception.", "controller");
        Timeouts = f.CreateCounter("controller_runtime_reconcile_timeouts_total", "Passes that exceeded their time limit.", "controller");
        PassSeconds = Histo(f, "controller_runtime_reconcile_time_seconds", "Length of a pass.", PassBuckets, "controller");
        MaxWorkers = f.CreateGauge("controller_runtime_max_concurrent_reconciles", "Configured workers.", "controller");
        ActiveWorkers = f.CreateGauge("controller_runtime_active_workers", "Workers in a pass.", "controller");
        QueueDepth = f.CreateGauge("workqueue_depth", "Keys that wait.", "name", "controller");
        QueueAdds = f.CreateCounter("workqueue_adds_total", "Keys added, after coalescing.", "name", "controller");
        QueueRetries = f.CreateCounter("workqueue_retries_total", "Keys added with back-off.", "name", "controller");
        QueueSeconds = Histo(f, "workqueue_queue_duration_seconds", "How long a key waited.", QueueBuckets, "name", "controller");
        WorkSeconds = Histo(f, "workqueue_work_duration_seconds", "How long a key was worked on.", QueueBuckets, "name", "controller");
        Unfinished = f.CreateGauge("workqueue_unfinished_work_seconds", "Sum of the ages of the passes that run.", "name", "controller");
        LongestRunning = f.CreateGauge("workqueue_longest_running_processor_seconds", "Age of the oldest pass that runs.", "name", "controller");
        Leader = f.CreateGauge("leader_election_master_status", "1 while this replica leads.", "name");
        InformerObjects = f.CreateGauge("informer_objects", "Objects in the cache.", "kind");
        InformerSynced = f.CreateGauge("informer_synced", "1 once every followed scope was listed.", "kind");
        InformerRelists = f.CreateCounter("informer_lists_total", "Lists by cause: start, expired, error, undecodable, silent.", "kind", "cause");
        InformerErrors = f.CreateCounter("informer_errors_total", "Lists and watches that failed.", "kind");
        InformerUndecodable = f.CreateCounter("informer_undecodable_total", "Events and list items that could not be read.", "kind");
        InformerLastEvent = f.CreateGauge("informer_last_event_timestamp_seconds", "When the last event or bookmark came.", "kind");
        EventsDropped = f.CreateCounter("event_recorder_dropped_total", "Kubernetes events that were not written: overflow, flood, failed.", "cause");
    }

    /// <summary>Where they live; also the place for metrics of others that <c>/metrics</c> shall show.</summary>
    public CollectorRegistry Registry { get; }

    /// <summary>Shows a controller's counters from the beginning, as controller-runtime does: a rate over a series that appears with its first error misses that error.</summary>
    internal void ShowController(string name)
    {
        foreach (var result in (string[])["success", "requeue", "requeue_after", "error"])
        {
            Passes.WithLabels(name, result);
        }

        foreach (var counter in (Counter[])[Errors, TerminalErrors, Panics, Timeouts])
        {
            counter.WithLabels(name);
        }
    }

    internal Counter Requests { get; }

    internal Histogram RequestSeconds { get; }

    internal Counter Passes { get; }

    internal Counter Errors { get; }

    internal Counter TerminalErrors { get; }

    internal Counter Panics { get; }

    internal Counter Timeouts { get; }

    internal Histogram PassSeconds { get; }

    internal Gauge MaxWorkers { get; }

    internal Gauge ActiveWorkers { get; }

    internal Gauge QueueDepth { get; }

    internal Counter QueueAdds { get; }

    internal Counter QueueRetries { get; }

    internal Histogram QueueSeconds { get; }

    internal Histogram WorkSeconds { get; }

    internal Gauge Unfinished { get; }

    internal Gauge LongestRunning { get; }

    internal Gauge Leader { get; }

    internal Gauge InformerObjects { get; }

    internal Gauge InformerSynced { get; }

    internal Counter InformerRelists { get; }

    internal Counter InformerErrors { get; }

    internal Counter InformerUndecodable { get; }

    internal Gauge InformerLastEvent { get; }

    internal Counter EventsDropped { get; }

    private static Histogram Histo(MetricFactory factory, string name, string help, double[] buckets, params string[] labels) =>
        factory.CreateHistogram(name, help, labels, new HistogramConfiguration { Buckets = buckets });
}
