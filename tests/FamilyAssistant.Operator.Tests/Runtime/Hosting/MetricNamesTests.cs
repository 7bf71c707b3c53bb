using System.Text;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Prometheus;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Hosting;

public sealed class MetricNamesTests
{
    /// <summary>Names and labels of controller-runtime and client-go: dashboards and alerts of others ask for exactly these.</summary>
    [Theory]
    [InlineData("controller_runtime_reconcile_total{controller=\"test\",result=\"error\"} 0")]
    [InlineData("controller_runtime_reconcile_total{controller=\"test\",result=\"requeue_after\"} 0")]
    [InlineData("controller_runtime_reconcile_errors_total{controller=\"test\"} 0")]
    [InlineData("controller_runtime_terminal_reconcile_errors_total{controller=\"test\"} 0")]
    [InlineData("controller_runtime_reconcile_panics_total{controller=\"test\"} 0")]
    [InlineData("process_resident_memory_bytes ")]
    [InlineData("process_cpu_seconds_total ")]
    [InlineData("# TYPE controller_runtime_reconcile_time_seconds histogram")]
    [InlineData("# TYPE controller_runtime_max_concurrent_reconciles gauge")]
    [InlineData("# TYPE controller_runtime_active_workers gauge")]
    [InlineData("# TYPE workqueue_depth gauge")]
    [InlineData("# TYPE workqueue_adds_total counter")]
    [InlineData("# TYPE workqueue_retries_total counter")]
    [InlineData("# TYPE workqueue_queue_duration_seconds histogram")]
    [InlineData("# TYPE workqueue_work_duration_seconds histogram")]
    [InlineData("# TYPE workqueue_unfinished_work_seconds gauge")]
    [InlineData("# TYPE workqueue_longest_running_processor_seconds gauge")]
    [InlineData("# TYPE rest_client_requests_total counter")]
    [InlineData("# TYPE rest_client_request_duration_seconds histogram")]
    [InlineData("# TYPE leader_election_master_status gauge")]
    public async Task The_metrics_have_the_names_that_dashboards_know(string expected)
    {
        var registry = Metrics.NewCustomRegistry();
        ProcessMetrics.Register(registry);
        new RuntimeMetrics(registry).ShowController("test");
        using var stream = new MemoryStream();

        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);

        Encoding.UTF8.GetString(stream.ToArray()).ShouldContain(expected);
    }
}
