using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A deleted instance is gone in every phase; its data stays or goes as it says.</summary>
public sealed class DeletionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly ResourceType[] OwnedTypes =
        [ResourceTypes.StatefulSet, ResourceTypes.Service, ResourceTypes.ServiceAccount, ResourceTypes.NetworkPolicy, ResourceTypes.Ingress, ResourceTypes.Pod];

    [Fact]
    public async Task A_blocked_instance_is_deleted()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().WithoutSecret(InstanceBuilder.KeysSecret));
        await instance.WaitForAsync(ConditionTypes.SecretsValid, "False", "SecretNotFound");

        await instance.DeleteAsync();

        await instance.WaitUntilGoneAsync();
    }

    [Fact]
    public async Task An_instance_whose_database_is_down_is_deleted()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere());
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", "DatabaseUnreachable");

        await instance.DeleteAsync();

        await instance.WaitUntilGoneAsync();
        await NothingIsLeftAsync(instance, "home-data", "home-generated");
    }

    [Fact]
    public async Task A_starting_instance_is_deleted_with_its_pods_and_its_data_stays()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed());
        await instance.WaitForAsync(async () => (await instance.PodsAsync(Components.Database)).Count > 0, "the pod of the database");

        await instance.DeleteAsync();

        await instance.WaitUntilGoneAsync();
        await NothingIsLeftAsync(instance, "home-data", "home-generated", "home-postgres", "home-postgres-data");
    }

    [Fact]
    public async Task With_the_policy_Delete_the_data_goes_too()
    {
        RequirePods();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed().With("deletionPolicy", "Delete"));
        await instance.WaitUntilReadyAsync();

        await instance.DeleteAsync();

        await instance.WaitUntilGoneAsync();
        await NothingIsLeftAsync(instance);
    }

    [Fact]
    public async Task An_instance_of_the_same_name_takes_the_data_up_again()
    {
        RequirePods();
        await using var ns = await Bed.CreateNamespaceAsync();
        var first = await Bed.CreateAsync(ns, InstanceBuilder.Managed());
        await first.WaitUntilReadyAsync();
        var before = await DataAsync(ns);
        var key = await SessionKeyAsync(ns);

        await first.DeleteAsync("Foreground");
        await first.WaitUntilGoneAsync();
        await NothingIsLeftAsync(first, "home-data", "home-generated", "home-postgres", "home-postgres-data");
        await Bed.Objects.CreateAsync(TestInstance.Type, ns.Name, InstanceBuilder.Managed().Manifest);
        await first.WaitUntilReadyAsync();

        (await DataAsync(ns)).ShouldBe(before);
        (await SessionKeyAsync(ns)).ShouldBe(key);
    }

    [Fact]
    public async Task A_deleted_namespace_ends_with_its_instances()
    {
        Require(server => server.HasControllerManager, "the end of a namespace needs a kube-controller-manager");
        await using var ns = await Bed.CreateNamespaceAsync();
        var ready = await Bed.CreateAsync(ns, InstanceBuilder.Managed());
        await ready.WaitForAsync(async () => (await ready.PodsAsync(Components.Database)).Count > 0, "the pod of the database");
        await Bed.Objects.CreateAsync(TestInstance.Type, ns.Name, InstanceBuilder.Nowhere().Named("blocked").Manifest);

        await Bed.Client.CoreV1.DeleteNamespaceAsync(ns.Name, cancellationToken: Cancellation);

        await Wait.ForAsync(async () => await ns.IsGoneAsync(), $"the end of namespace {ns}", TimeSpan.FromMinutes(3), ready.DescribeAsync);
    }

    /// <summary>Nothing of the instance but the named claims and Secrets.</summary>
    private async Task NothingIsLeftAsync(TestInstance instance, params string[] kept)
    {
        foreach (var type in OwnedTypes)
        {
            await instance.WaitForAsync(async () => (await Bed.Objects.ListAsync(type, instance.Namespace, WireNames.InstanceLabel)).Count == 0, $"the end of every {type.Kind}");
        }

        await instance.WaitForAsync(async () => (await NamesAsync(instance)).SequenceEqual(kept.Order(StringComparer.Ordinal)), $"only {string.Join(", ", kept)} to be left");
    }

    private async Task<IEnumerable<string>> NamesAsync(TestInstance instance)
    {
        var claims = await Bed.Objects.ListAsync(ResourceTypes.PersistentVolumeClaim, instance.Namespace, WireNames.InstanceLabel);
        var secrets = await Bed.Objects.ListAsync(ResourceTypes.Secret, instance.Namespace, WireNames.InstanceLabel);
        return claims.Concat(secrets).Select(found => found["metadata"]!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal);
    }

    private async Task<string> DataAsync(TestNamespace ns)
    {
        var claims = await Bed.Objects.ListAsync(ResourceTypes.PersistentVolumeClaim, ns.Name);
        return string.Join(", ", claims.Select(claim => $"{claim["metadata"]!["name"]} {claim["metadata"]!["uid"]}").Order(StringComparer.Ordinal));
    }

    private async Task<string> SessionKeyAsync(TestNamespace ns) =>
        (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, "home-generated"))["data"]!["SESSION_SECRET_KEY"]!.GetValue<string>();
}
