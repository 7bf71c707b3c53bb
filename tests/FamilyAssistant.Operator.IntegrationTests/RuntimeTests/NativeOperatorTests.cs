using System.Net;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

/// <summary>Two native operators on one Lease: ready, hand over, lose, end.</summary>
public sealed class NativeOperatorTests(ClusterFixture fixture)
{
    private const string Lease = "family-assistant-operator";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_leads_while_both_are_ready_a_stop_hands_over_and_a_loss_ends_the_process_with_its_code()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        // Server-side rules of the newest schema that an old kubectl does not know are no reason to refuse it here.
        (await fixture.Cluster.KubectlAsync("apply", "--validate=false", "-k", Path.Combine(RepositoryRoot.Find(), "crds"))).OutputOrThrow("kubectl apply");
        var folder = await OperatorPublisher.PublishAsync(OperatorFlavour.Aot, line => Console.Error.WriteLine($"operator: {line}"), Cancellation);
        var kubeconfig = fixture.Cluster.Access.KubeconfigFile;

        await using var one = NativeOperator.Start(folder, kubeconfig, ns.Name, "one");
        await LeadsAsync(one);
        await using var two = NativeOperator.Start(folder, kubeconfig, ns.Name, "two");
        await ReadyAsync(two);
        (await two.GetAsync("/metrics"))!.Value.Text.ShouldContain($"leader_election_master_status{{name=\"{Lease}\"}} 0");
        (await one.GetAsync("/healthz"))!.Value.ShouldBe((HttpStatusCode.OK, "ok\n"));
        (await one.GetAsync("/"))!.Value.Status.ShouldBe(HttpStatusCode.NotFound);
        (await HolderAsync(ns.Name)).ShouldBe("one");

        one.Terminate();
        (await one.ExitCodeAsync(Cancellation)).ShouldBe(0, string.Join('\n', one.Output));
        await LeadsAsync(two);
        (await HolderAsync(ns.Name)).ShouldBe("two");

        await fixture.Client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch("""{"spec":{"holderIdentity":"somebody-else"}}""", V1Patch.PatchType.MergePatch), Lease, ns.Name, cancellationToken: Cancellation);
        (await two.ExitCodeAsync(Cancellation)).ShouldBe(2, string.Join('\n', two.Output));
        (await HolderAsync(ns.Name)).ShouldBe("somebody-else", "a Lease that is lost is not given away");

        foreach (var line in one.Output.Concat(two.Output).Where(line => line.Length > 0))
        {
            JsonNode.Parse(line)!["@t"].ShouldNotBeNull(line);
        }
    }

    private static Task ReadyAsync(NativeOperator process) => Wait.ForAsync(async () => (await process.GetAsync("/readyz"))?.Status == HttpStatusCode.OK, "the operator to be ready");

    private static async Task LeadsAsync(NativeOperator process)
    {
        await ReadyAsync(process);
        await Wait.ForAsync(
            async () => (await process.GetAsync("/metrics"))?.Text.Contains($"leader_election_master_status{{name=\"{Lease}\"}} 1", StringComparison.Ordinal) == true,
            "the operator to lead");
    }

    private async Task<string> HolderAsync(string @namespace) =>
        (await fixture.Client.CoordinationV1.ReadNamespacedLeaseAsync(Lease, @namespace, cancellationToken: Cancellation)).Spec.HolderIdentity;
}
