using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.OperatorBuild;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary><c>deploy/namespaced</c>: no right outside one namespace, and none is missed.</summary>
[Collection(OwnClusterCollection.Name)]
public sealed class NamespacedTests(OwnCluster own)
{
    private const string Home = "family-assistant";

    [Fact]
    public async Task With_Roles_of_one_namespace_the_operator_works_there_and_touches_no_other()
    {
        var bed = own.Bed;
        var cancellation = TestContext.Current.CancellationToken;
        await bed.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = Home } }, cancellationToken: cancellation);
        (await bed.Cluster.KubectlAsync("apply", "-k", Path.Combine(RepositoryRoot.Find(), "deploy", "namespaced"))).OutputOrThrow("kubectl apply -k deploy/namespaced");
        await using var elsewhere = await bed.CreateNamespaceAsync();
        var untouched = await bed.CreateAsync(elsewhere, InstanceBuilder.Nowhere());
        var from = bed.Cluster.Audit.Position;

        await using var process = await OperatorProcess.StartAsync(bed.Cluster, "namespaced", Home, null, ("WATCH_NAMESPACES", Home));
        bed.Operator = process;
        var builder = InstanceBuilder.External(await ExternalDatabase.CreateAsync(bed)).With("replicas", 0).WithBot(5501);
        await builder.CreateObjectsAsync(bed, Home);
        await bed.Objects.CreateAsync(TestInstance.Type, Home, builder.Manifest);
        var instance = new TestInstance(bed, Home, "home");
        (await instance.WaitUntilReadyAsync()).Status!.Telegram!.HeldBy.ShouldBe("family-assistant/home", "the claims are in this namespace as well");
        await instance.DeleteAsync();
        await instance.WaitUntilGoneAsync();

        var requests = (await bed.Cluster.Audit.ReadAsync(from, cancellation)).Where(record => record.User == OperatorNames.User(Home)).ToList();
        requests.ShouldNotBeEmpty();
        requests.Where(record => record.Namespace != Home).Select(record => $"{record.Verb} {record.RequestUri}").ShouldBeEmpty();
        requests.Where(record => record.Code == 403).Select(record => $"{record.Verb} {record.RequestUri}").ShouldBeEmpty();
        (await untouched.ReadAsync()).Metadata.Finalizers.ShouldBeNull();
    }
}
