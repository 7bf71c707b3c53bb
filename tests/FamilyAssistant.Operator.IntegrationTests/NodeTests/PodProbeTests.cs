using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Probes against programs that really run. What a probe looks for is made and taken away by another container of the pod.</summary>
public sealed class PodProbeTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_pod_is_ready_while_its_readiness_probe_succeeds()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "ready", """
            containers:
            - name: main
              image: "tools:1"
              args: [-c, "until test -f /data/on; do sleep 0.1; done; touch /data/ready; until test -f /data/off; do sleep 0.1; done; rm /data/ready; exec sleep 1000"]
              readinessProbe: {exec: {command: [test, -f, /data/ready]}, periodSeconds: 1, failureThreshold: 1}
              volumeMounts: [{name: data, mountPath: /data}]
            - {name: switch, image: "tools:1", args: [-c, "sleep 2; touch /data/on; sleep 4; touch /data/off; exec sleep 1000"], volumeMounts: [{name: data, mountPath: /data}]}
            volumes: [{name: data, emptyDir: {}}]
            """);

        (await pod.UntilAsync(current => NodePod.Container(current)?.State.Running is not null, "start")).ShouldSatisfyAllConditions(
            current => NodePod.IsReady(current).ShouldBeFalse(),
            current => NodePod.Container(current)!.Started.ShouldBe(true));
        await pod.UntilReadyAsync();
        var lost = await pod.UntilAsync(current => !NodePod.IsReady(current), "loss of readiness");

        lost.Status.Phase.ShouldBe("Running");
        NodePod.Container(lost)!.RestartCount.ShouldBe(0);
        await pod.UntilEventAsync("Unhealthy", "Readiness probe failed");
    }

    [Fact]
    public async Task A_container_is_restarted_when_its_liveness_probe_fails()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "dies", """
            terminationGracePeriodSeconds: 1
            containers:
            - name: main
              image: "tools:1"
              args: [-c, "if test -f /data/second; then rm /data/dead; exec sleep 1000; fi; touch /data/second /data/dead; exec sleep 1000"]
              livenessProbe: {exec: {command: [sh, -c, "! test -f /data/dead"]}, periodSeconds: 1, failureThreshold: 2}
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {}}]
            """);

        var container = NodePod.Container(await pod.UntilAsync(current => NodePod.Container(current) is { RestartCount: 1, Ready: true }, "the restart"))!;

        container.LastState.Terminated.ExitCode.ShouldBe(137, "sleep does not handle SIGTERM and is process 1");
        await pod.UntilEventAsync("Killing", "Container main failed liveness probe, will be restarted");
    }

    [Fact]
    public async Task No_other_probe_begins_before_the_startup_probe_has_succeeded()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "slow", """
            containers:
            - name: main
              image: "tools:1"
              args: [-c, "sleep 3; touch /data/started; exec sleep 1000"]
              startupProbe: {exec: {command: [test, -f, /data/started]}, periodSeconds: 1, failureThreshold: 60}
              livenessProbe: {exec: {command: [test, -f, /data/started]}, periodSeconds: 1, failureThreshold: 1}
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {}}]
            """);

        NodePod.Container(await pod.UntilAsync(current => NodePod.Container(current)?.State.Running is not null, "start"))!.Started.ShouldBe(false);
        var container = NodePod.Container(await pod.UntilReadyAsync())!;

        container.Started.ShouldBe(true);
        container.RestartCount.ShouldBe(0);
    }

    [Fact]
    public async Task Probes_ask_over_http_and_tcp_at_the_pods_own_address()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "web", """
            containers:
            - name: main
              image: "tools:1"
              command: [python3, -c]
              args:
              - |
                import http.server, os
                class Handler(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(204 if self.path == '/health?full=1' and self.headers['X-Probe'] == 'yes' else 500)
                        self.end_headers()
                http.server.HTTPServer((os.environ['POD_IP'], 8080), Handler).serve_forever()
              env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
              ports: [{name: web, containerPort: 8080}]
              startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 60}
              readinessProbe: {httpGet: {path: "/health?full=1", port: web, httpHeaders: [{name: X-Probe, value: "yes"}]}, periodSeconds: 1}
            """);
        var refused = await NodePod.CreateAsync(fixture, ns, "refused", """
            containers:
            - {name: main, image: "tools:1", args: [-c, "exec sleep 1000"], readinessProbe: {httpGet: {port: 8080}, periodSeconds: 1}}
            """);

        await pod.UntilReadyAsync();
        await refused.UntilEventAsync("Unhealthy", "Readiness probe failed");
        NodePod.IsReady(await refused.ReadAsync()).ShouldBeFalse();
    }
}
