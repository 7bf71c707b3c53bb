using System.Net;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Programs in pods find Services and each other by name, with nothing but the system's own resolver.</summary>
public sealed class ServiceNameTests(ClusterFixture fixture)
{
    private const string Server = """
        hostname: first
        subdomain: members
        containers:
        - name: main
          image: tools:1
          command: [sh, -c, 'cd /app && exec python3 -m http.server --bind "$POD_IP" 8080']
          env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pods_reach_a_Service_by_its_names_and_a_member_of_a_headless_one_by_its_own()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        await using var other = await fixture.CreateNamespaceAsync();
        await CreateServiceAsync(ns, "web", new V1ServiceSpec { Selector = Selector("server"), Ports = [new V1ServicePort { Port = 80, TargetPort = 8080 }] });
        await CreateServiceAsync(ns, "members", new V1ServiceSpec { Selector = Selector("server"), ClusterIP = "None", Ports = [new V1ServicePort { Port = 8080 }] });
        await (await NodePod.CreateAsync(fixture, ns, "server", Server)).UntilReadyAsync();

        (await FetchAsync(ns, "http://web/from-image", $"http://web.{ns}.svc/from-image", $"http://first.members.{ns}.svc.cluster.local:8080/from-image"))
            .ShouldBe(["from the image", "from the image", "from the image"]);
        (await FetchAsync(other, $"http://web.{ns}.svc.cluster.local/from-image", $"http://web.{ns}/from-image")).ShouldBe(["from the image", "from the image"]);
    }

    [Fact]
    public async Task A_running_pod_learns_of_a_Service_that_is_made_later_and_of_a_name_that_was_added()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var name = $"storage-cluster.{ns}.example";
        var pod = await NodePod.CreateAsync(fixture, ns, "waits", $"""
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              command: [sh, -c, 'echo begun; for name in late {name}; do until getent ahostsv4 $name > /tmp/found; do sleep 0.1; done; head -n 1 /tmp/found | cut -d " " -f 1; done']
            """);
        await pod.UntilLoggedAsync("begun");

        var service = await CreateServiceAsync(ns, "late", new V1ServiceSpec { Ports = [new V1ServicePort { Port = 80 }] });
        fixture.Cluster.Node.AddName(name, IPAddress.Loopback);

        (await pod.OutputAsync()).ShouldBe(["begun", service.Spec.ClusterIP, "127.0.0.1"]);
    }

    private Task<V1Service> CreateServiceAsync(TestNamespace ns, string name, V1ServiceSpec spec)
        => fixture.Client.CoreV1.CreateNamespacedServiceAsync(new V1Service { Metadata = new V1ObjectMeta { Name = name }, Spec = spec }, ns.Name, cancellationToken: Cancellation);

    private static Dictionary<string, string> Selector(string pod) => new() { ["app"] = pod };

    private async Task<string[]> FetchAsync(TestNamespace ns, params string[] addresses)
    {
        const string program = "import sys, urllib.request; [print(urllib.request.urlopen(address).read().decode().strip()) for address in sys.argv[1:]]";
        var pod = await NodePod.CreateAsync(fixture, ns, "client", $"""
            restartPolicy: Never
            containers:
            - name: main
              image: tools:1
              command: [python3, -c, '{program}', {string.Join(", ", addresses.Select(address => $"'{address}'"))}]
            """);
        return await pod.OutputAsync();
    }
}
