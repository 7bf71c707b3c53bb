using System.Net;
using System.Net.Sockets;
using System.Text;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>A Service's address leads to its ready pods, and refuses when there is none.</summary>
public sealed class ServiceProxyTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_reach_a_ready_pod_and_are_refused_without_one()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the Services of an existing cluster are not to be reached from here");
        await using var ns = await fixture.CreateNamespaceAsync();
        using var program = new TcpListener(IPAddress.Loopback, 0);
        program.Start();
        var labels = new Dictionary<string, string> { ["app"] = "echo" };
        var pod = TestPod.New("echo", labels);
        // Nobody's scheduler: this test plays its node.
        pod.Spec.SchedulerName = "none";
        pod.Spec.Containers[0].Ports = [new V1ContainerPort { Name = "main", ContainerPort = ((IPEndPoint)program.LocalEndpoint).Port }];
        await fixture.Client.CoreV1.CreateNamespacedPodAsync(pod, ns.Name, cancellationToken: Cancellation);
        var service = await fixture.Client.CoreV1.CreateNamespacedServiceAsync(
            new V1Service
            {
                Metadata = new V1ObjectMeta { Name = "echo" },
                Spec = new V1ServiceSpec { Selector = labels, Ports = [new V1ServicePort { Port = 80, TargetPort = "main" }] },
            },
            ns.Name,
            cancellationToken: Cancellation);
        var address = new IPEndPoint(IPAddress.Parse(service.Spec.ClusterIP), 80);
        await Wait.ForAsync(() => RefusesAsync(address), "a refusal while no pod is ready");

        await SetReadyAsync(ns, "True");
        using var client = await Wait.ForAsync(() => TryConnectAsync(address), "a connection");
        using var served = await program.AcceptTcpClientAsync(Cancellation);
        await using var question = client.GetStream();
        await question.WriteAsync("question"u8.ToArray(), Cancellation);
        client.Client.Shutdown(SocketShutdown.Send);
        await using var answer = served.GetStream();
        (await ReadToEndAsync(answer)).ShouldBe("question");
        await answer.WriteAsync("answer"u8.ToArray(), Cancellation);
        served.Close();
        (await ReadToEndAsync(question)).ShouldBe("answer");

        await SetReadyAsync(ns, "False");
        await Wait.ForAsync(() => RefusesAsync(address), "a refusal once the pod is no longer ready");
    }

    [Fact]
    public async Task The_Service_kubernetes_is_the_API_server()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the Services of an existing cluster are not to be reached from here");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can listen on port 443");
        var service = await fixture.Client.CoreV1.ReadNamespacedServiceAsync("kubernetes", "default", cancellationToken: Cancellation);
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(fixture.Cluster.Access.KubeconfigFile);
        configuration.Host = $"https://{service.Spec.ClusterIP}";
        using var client = new Kubernetes(configuration);

        (await client.Version.GetCodeAsync(Cancellation)).GitVersion.ShouldBe(fixture.Cluster.Capabilities.ServerVersion.Text);
    }

    private async Task SetReadyAsync(TestNamespace ns, string ready)
    {
        var status = new { status = new { phase = "Running", podIP = "127.0.0.1", podIPs = new[] { new { ip = "127.0.0.1" } }, conditions = new[] { new { type = "Ready", status = ready } } } };
        await fixture.Client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(status, V1Patch.PatchType.StrategicMergePatch), "echo", ns.Name, cancellationToken: Cancellation);
    }

    private static async Task<bool> RefusesAsync(IPEndPoint address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, Cancellation);
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static async Task<TcpClient?> TryConnectAsync(IPEndPoint address)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, Cancellation);
            return client;
        }
        catch (SocketException)
        {
            client.Dispose();
            return null;
        }
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
