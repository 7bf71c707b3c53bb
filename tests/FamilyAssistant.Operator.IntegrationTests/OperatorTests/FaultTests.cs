using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A fault has a reason, a field and a remedy; one act of a person mends it, without a touch of the operator.</summary>
public sealed class FaultTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    public static TheoryData<string> Rows => [.. Faults.All.Select(fault => fault.What)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_fault_is_told_with_its_remedy_and_the_instance_goes_on_after_the_fix(string what)
    {
        RequireOwnCluster();
        var fault = Faults.All.Single(row => row.What == what);
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed, fault.WithVector);
        await fault.SpoilDatabase(database);

        // Stopped: what is told does not depend on pods.
        var instance = await Bed.CreateAsync(ns, fault.Spoil(InstanceBuilder.External(database).With("replicas", 0)));
        var seen = await instance.WaitForAsync(fault.Condition, "False", fault.Reason);

        var ready = TestInstance.Of(seen, ConditionTypes.Ready)!;
        ready.Status.ShouldBe("False");
        ready.Reason.ShouldBe(fault.Reason);
        fault.Says.ShouldAllBe(part => ready.Message.Contains(part), ready.Message);
        (await Bed.Objects.FindAsync(ResourceTypes.StatefulSet, ns.Name, "home")).ShouldBeNull("nothing starts behind a closed gate");
        (await instance.EverythingSaidAsync()).ShouldNotContain("canary");

        await fault.Fix(instance, database);
        var mended = await instance.WaitUntilReadyAsync();
        TestInstance.Of(mended, ConditionTypes.Stalled).ShouldBeNull();
        TestInstance.Of(mended, ConditionTypes.Reconciling).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_instances_on_one_database_the_older_keeps_it_and_the_other_starts_when_it_is_gone()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var elsewhere = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var first = await Bed.CreateAsync(ns, InstanceBuilder.External(database).With("replicas", 0));
        await first.WaitUntilReadyAsync();
        // Which of two is older is known by the second.
        var created = (await first.ReadAsync()).Metadata.CreationTimestamp;
        await Wait.ForAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() > created!.Value.AddSeconds(1)), "the next second");

        var second = await Bed.CreateAsync(elsewhere, InstanceBuilder.External(database).Named("other").With("replicas", 0));
        var seen = await second.WaitForAsync(ConditionTypes.DatabaseReady, "False", "DatabaseInUse");
        TestInstance.Of(seen, ConditionTypes.DatabaseReady)!.Message.ShouldNotContain(ns.Name, customMessage: "another tenant's instance is not named");
        TestInstance.Of(await first.ReadAsync(), ConditionTypes.Ready)!.Status.ShouldBe("True");

        await first.DeleteAsync();
        await second.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task A_database_that_is_down_is_waited_for()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var server = await PostgresServer.StartAsync(Path.Combine(Bed.Cluster.DataDirectory, $"postgres-{ns}"), Cancellation);
        await server.CreateDatabaseAsync("home", "home", "secret", cancellation: Cancellation);
        await server.StopAsync();

        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(new ExternalDatabase(server, "home", "secret")).With("replicas", 0));
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", "DatabaseUnreachable");

        await server.StartAgainAsync(Cancellation);
        await instance.WaitUntilReadyAsync();
    }
}
