using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>The real controllers work: what Kubernetes promises about workloads, owners and namespaces holds in the tests.</summary>
public sealed class ControllerManagerTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_StatefulSet_gets_its_pod_and_a_claim_keeps_its_name()
    {
        fixture.Require(server => server.HasControllerManager, "StatefulSets need a kube-controller-manager");
        await using var ns = await fixture.CreateNamespaceAsync();

        await fixture.Client.AppsV1.CreateNamespacedStatefulSetAsync(NewStatefulSet(), ns.Name, cancellationToken: Cancellation);

        var pod = await Wait.ForAsync(async () => (await fixture.Client.CoreV1.ListNamespacedPodAsync(ns.Name)).Items.SingleOrDefault(), "the pod");
        pod.Metadata.Name.ShouldBe("db-0");
        pod.Metadata.OwnerReferences.ShouldHaveSingleItem().Kind.ShouldBe("StatefulSet");
    }

    [Fact]
    public async Task What_an_owner_leaves_behind_is_collected()
    {
        fixture.Require(server => server.HasControllerManager, "garbage collection needs a kube-controller-manager");
        await using var ns = await fixture.CreateNamespaceAsync();
        var core = fixture.Client.CoreV1;
        var owner = await core.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "owner" } }, ns.Name, cancellationToken: Cancellation);
        var reference = new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid };
        var child = new V1Secret { Metadata = new V1ObjectMeta { Name = "child", OwnerReferences = [reference] } };
        await core.CreateNamespacedSecretAsync(child, ns.Name, cancellationToken: Cancellation);

        await core.DeleteNamespacedConfigMapAsync("owner", ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(
            async () => (await core.ListNamespacedSecretAsync(ns.Name, fieldSelector: "metadata.name=child")).Items.Count == 0, "the end of the owned Secret");
    }

    [Fact]
    public async Task A_deleted_namespace_ends()
    {
        fixture.Require(server => server.HasControllerManager, "the end of a namespace needs a kube-controller-manager");
        await using var ns = await fixture.CreateNamespaceAsync();
        await fixture.Client.CoreV1.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "content" } }, ns.Name, cancellationToken: Cancellation);

        await fixture.Client.CoreV1.DeleteNamespaceAsync(ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(
            async () =>
            {
                try
                {
                    await fixture.Client.CoreV1.ReadNamespaceAsync(ns.Name);
                    return false;
                }
                catch (HttpOperationException gone) when (gone.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
                {
                    return true;
                }
            },
            "the end of the namespace");
    }

    private static V1StatefulSet NewStatefulSet()
    {
        var labels = new Dictionary<string, string> { ["app"] = "db" };
        return new V1StatefulSet
        {
            Metadata = new V1ObjectMeta { Name = "db" },
            Spec = new V1StatefulSetSpec
            {
                ServiceName = "db",
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "db", Image = "none.invalid/none:1" }] },
                },
            },
        };
    }
}
