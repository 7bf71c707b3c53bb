using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers;

/// <summary>What the deletion of an instance waits for: its pods, a restore in its middle, the claim of its bot.</summary>
public sealed class FinalizationWaitTests : FinalizationTest
{
    [Fact]
    public async Task Waits_for_the_pods_and_lets_the_instance_go_when_they_are_gone()
    {
        PutWorkload();
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain("fa-0");
        Exists(ResourceTypes.StatefulSet, "fa").ShouldBeFalse();
        InstanceExists.ShouldBeTrue();
        World.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task A_pod_that_never_ends_does_not_hold_the_deletion_for_ever()
    {
        PutWorkload();
        Delete();
        World.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        World.Events.Reasons.ShouldContain("PodsLeftBehind");
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Waits_until_a_restore_has_put_back_what_was_there_before()
    {
        PutRestore("Running");
        PutData();
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain("restore back");
        World.Cluster.Writes.ShouldBeEmpty();
        InstanceExists.ShouldBeTrue();
        PutRestore("Failed");
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task A_restore_that_puts_nothing_back_does_not_hold_the_deletion_for_ever()
    {
        PutRestore("Running");
        Delete();
        World.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
    }

    [Fact]
    public async Task The_claim_goes_with_the_last_pod_and_before_the_finalizer_even_where_no_cache_knows_of_it()
    {
        await ClaimAsync();
        PutWorkload();
        Delete();
        await RunAsync();
        World.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull("a pod is left");

        World.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        World.Cluster.HiddenFromCache.Add(Lease);
        World.Cluster.HiddenFromCache.Add(InstanceWorld.Key("fa-telegram"));
        World.Cluster.Edit(Kinds.Instance, Instance, """{"status": {"telegram": {"botId": "123456"} } }""");
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        World.Cluster.Look(ResourceTypes.Lease, Lease).ShouldBeNull();
        World.Cluster.Writes.Where(request => request.StartsWith("create", StringComparison.Ordinal) || request.StartsWith("apply", StringComparison.Ordinal)).ShouldBeEmpty();
        var writes = World.Cluster.Writes.ToList();
        writes.FindIndex(request => request.StartsWith("delete Secret home/fa-telegram", StringComparison.Ordinal))
            .ShouldBeLessThan(writes.FindIndex(request => request.StartsWith("delete Lease", StringComparison.Ordinal)));
        writes.FindIndex(request => request.StartsWith("delete Lease", StringComparison.Ordinal))
            .ShouldBeLessThan(writes.FindIndex(request => request.StartsWith("patch FamilyAssistantInstance", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_that_is_left_behind_leaves_the_claim_to_whoever_needs_it()
    {
        await ClaimAsync();
        PutWorkload();
        Delete();
        World.Time.Advance(TimeSpan.FromMinutes(11));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        InstanceExists.ShouldBeFalse();
        World.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull();

        World.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await World.TelegramStep().ReapAsync(Instance, Cancel)).ShouldBeFalse();
        World.Cluster.Look(ResourceTypes.Lease, Lease).ShouldBeNull();
    }

    [Fact]
    public async Task An_orphaning_delete_leaves_claim_and_token_to_what_goes_on()
    {
        await ClaimAsync();
        PutWorkload();
        World.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "orphan"]} }""");
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        World.Cluster.Look(ResourceTypes.Lease, Lease).ShouldNotBeNull();
        Exists(ResourceTypes.Secret, "fa-telegram").ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_bot_a_deletion_asks_for_no_claim()
    {
        Delete();
        await RunAsync();
        World.Cluster.Requests.ShouldNotContain(request => request.Contains("Lease", StringComparison.Ordinal) || request.Contains("fa-telegram", StringComparison.Ordinal));
    }
}
