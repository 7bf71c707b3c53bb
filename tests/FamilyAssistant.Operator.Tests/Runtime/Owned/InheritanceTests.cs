using System.Text;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Owned;

/// <summary>What an earlier owner of the same name has left, and garbage collection has not come to, is no stranger's.</summary>
public sealed class InheritanceTests
{
    private const string Earlier = "11111111-1111-4111-8111-111111111111";
    private static readonly ObjectKey Key = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new();

    [Fact]
    public async Task It_is_taken_over()
    {
        Leave();

        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.Updated);

        _world.Cluster.Look(ResourceTypes.ServiceAccount, Key)!.ControllerUid.ShouldBe(_world.Cluster.Look(Kinds.Instance, Key)!.Uid);
        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.Unchanged);
    }

    [Fact]
    public async Task On_its_way_out_it_is_waited_for()
    {
        Leave(metadata: """, "deletionTimestamp": "2026-11-23T12:00:00Z" """);

        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.Terminating);

        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_cache_that_still_knows_the_earlier_owner_takes_nothing_from_the_new_one()
    {
        var late = Owner;
        _world.Cluster.Drop(Kinds.Instance, Key);
        _world.Cluster.Put(Kinds.Instance, """{"metadata": {"name": "fa", "namespace": "home"}}""");
        Leave(uid: Owner.Uid);

        (await Should.ThrowAsync<ClusterApiException>(EnsureAsync(late))).Class.ShouldBe(ErrorClass.Conflict);

        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("another name", "FamilyAssistantInstance", "other", "op", "fa")]
    [InlineData("another kind", "FamilyAssistantBackup", "fa", "op", "fa")]
    [InlineData("another manager", "FamilyAssistantInstance", "fa", "helm", "fa")]
    [InlineData("another label", "FamilyAssistantInstance", "fa", "op", "other")]
    public async Task Whose_it_was_must_be_said_by_all_marks(string what, string kind, string name, string manager, string label)
    {
        Leave(kind, name, manager, label);

        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.NameConflict, what);

        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_outlives_its_owner_is_not_taken_from_one_that_is_to_be_deleted_with_another()
    {
        Leave();

        (await EnsureAsync(owned: false)).Outcome.ShouldBe(EnsureOutcome.NameConflict);

        _world.Cluster.Writes.ShouldBeEmpty();
    }

    private ClusterObject Owner => _world.Cluster.Look(Kinds.Instance, Key)!;

    private void Leave(string kind = "FamilyAssistantInstance", string name = "fa", string manager = "op", string label = "fa", string uid = Earlier, string metadata = "") =>
        _world.Cluster.Put(ResourceTypes.ServiceAccount, $$$"""
            {"metadata": {"name": "fa", "namespace": "home", "labels": {"a/managed-by": "{{{manager}}}", "a/owner": "{{{label}}}"}{{{metadata}}},
             "ownerReferences": [{"apiVersion": "{{{Kinds.Instance.ApiVersion}}}", "kind": "{{{kind}}}", "name": "{{{name}}}", "uid": "{{{uid}}}", "controller": true}]}}
            """);

    private Task<EnsureResult> EnsureAsync(ClusterObject? owner = null, bool owned = true) =>
        new OwnedObjects(_world.Cluster, _world.Cluster, new OwnershipOptions("a/applied", "a/owner", "a/managed-by", "op")).EnsureAsync(
            owner ?? Owner,
            new Manifest(ResourceTypes.ServiceAccount, Key, Encoding.UTF8.GetBytes("""
                {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "fa", "namespace": "home", "labels": {"a/managed-by": "op", "a/owner": "fa"}}}
                """)),
            owned,
            adopt: false,
            TestContext.Current.CancellationToken);
}
