using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

public sealed class EventTests(ClusterFixture fixture)
{
    [Fact]
    public async Task Events_are_in_kubectl_describe_and_a_repeated_one_is_counted()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        using var parts = new RuntimeParts(fixture.Cluster.Access.KubeconfigFile);
        var subject = await parts.Api.CreateAsync(Texts.ConfigMap(ns.Name, "subject"), TestContext.Current.CancellationToken);
        var recorder = parts.Recorder();
        await using var running = Running.Start(stop => recorder.RunAsync(TimeSpan.FromSeconds(30), stop));

        for (var times = 0; times < 3; times++)
        {
            recorder.Record(subject!, EventSeverity.Warning, "NotWell", "Look", "Something repeats.");
        }

        recorder.Record(subject!, EventSeverity.Normal, "Mended", "Repair", new string('ß', 2000));
        await running.StopAsync();

        var described = (await fixture.Cluster.KubectlAsync("-n", ns.Name, "describe", "configmap", "subject")).Output;
        described.ShouldContain("Something repeats.");
        described.ShouldMatch(@"Warning\s+NotWell\s+.*\(x3 over");
        described.ShouldMatch(@"Normal\s+Mended");
        var listed = await parts.Api.ListAsync(ResourceTypes.Event, ns.Name, null, TestContext.Current.CancellationToken);
        listed.Count(item => item.Key.Name.StartsWith("subject.", StringComparison.Ordinal)).ShouldBe(2);
    }
}
