using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>An outage is a real one, and a second cluster on the same machine does not notice.</summary>
public sealed class OutageTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_restarted_API_server_has_its_address_and_its_objects_and_other_clusters_go_on()
    {
        fixture.Require(server => server.IsOwned, "the API server of an existing cluster is not ours to stop");
        var cancellation = TestContext.Current.CancellationToken;
        await using var other = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Postgres = false, Telegram = false }, cancellation);
        using var client = other.CreateClient();
        var address = other.Access.Server;
        await client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "kept" } }, "default", cancellationToken: cancellation);

        await other.StopApiServerAsync();
        await Should.ThrowAsync<HttpRequestException>(() => client.CoreV1.ReadNamespacedConfigMapAsync("kept", "default", cancellationToken: cancellation));
        (await fixture.Client.CoreV1.ReadNamespaceAsync("default", cancellationToken: cancellation)).Metadata.Name.ShouldBe("default");

        await other.StartApiServerAsync(cancellation);
        other.Access.Server.ShouldBe(address);
        (await client.CoreV1.ReadNamespacedConfigMapAsync("kept", "default", cancellationToken: cancellation)).Metadata.Name.ShouldBe("kept");
    }

    [Fact]
    public async Task A_disposed_cluster_leaves_no_file_and_no_process()
    {
        Assert.SkipUnless(fixture.Cluster.Capabilities.IsOwned, "an existing cluster is not started");
        var cluster = await Cluster.StartAsync(new LocalClusterOptions { NodeAgent = false, Postgres = false, Telegram = false }, TestContext.Current.CancellationToken);
        ProcessesOf(cluster).ShouldNotBeEmpty();

        await cluster.DisposeAsync();

        Directory.Exists(cluster.DataDirectory).ShouldBeFalse();
        ProcessesOf(cluster).ShouldBeEmpty();
    }

    private static List<string> ProcessesOf(Cluster cluster)
        => Directory.GetDirectories("/proc").Select(CommandLine).Where(line => line.Contains(cluster.DataDirectory, StringComparison.Ordinal)).ToList();

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
