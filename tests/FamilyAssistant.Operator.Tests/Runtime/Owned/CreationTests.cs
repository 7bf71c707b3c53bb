using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Owned;

/// <summary>An object that the cache does not know turns out to be there: whose is it?</summary>
public sealed class CreationTests
{
    private static readonly ObjectKey Key = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new();

    [Fact]
    public async Task What_another_operator_has_just_made_for_the_same_owner_is_kept()
    {
        await EnsureAsync();
        _world.Cluster.HiddenFromCache.Add(Key);
        _world.Cluster.OthersWrote.Add(Key);

        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.Updated);

        _world.Cluster.Look(ResourceTypes.ServiceAccount, Key)!.ControllerUid.ShouldBe(Owner.Uid);
        _world.Cluster.Requests.Select(request => request.Split(' ')[0]).ShouldBe(["apply", "apply", "before"]);
    }

    [Fact]
    public async Task A_strangers_is_left_without_our_fields()
    {
        _world.Cluster.Put(ResourceTypes.ServiceAccount, """{"metadata": {"name": "fa", "namespace": "home"}}""");
        _world.Cluster.HiddenFromCache.Add(Key);
        _world.Cluster.OthersWrote.Add(Key);

        await EnsureAsync();

        _world.Cluster.Requests.Select(request => request.Split(' ')[0]).ShouldBe(["apply", "before", "apply", "get"]);
    }

    [Fact]
    public async Task One_of_an_earlier_owner_of_the_name_is_a_strangers()
    {
        _world.Cluster.Put(ResourceTypes.ServiceAccount, """{"metadata": {"name": "fa", "namespace": "home", "ownerReferences": [{"uid": "earlier", "controller": true}]}}""");
        _world.Cluster.HiddenFromCache.Add(Key);
        _world.Cluster.OthersWrote.Add(Key);

        await EnsureAsync();

        _world.Cluster.Requests.Select(request => request.Split(' ')[0]).ShouldBe(["apply", "before", "apply", "get"]);
    }

    private ClusterObject Owner => _world.Cluster.Look(Kinds.Instance, Key)!;

    private Task<EnsureResult> EnsureAsync() => new OwnedObjects(_world.Cluster, _world.Cluster, new OwnershipOptions("a/applied", "a/owner", "a/managed-by", "op")).EnsureAsync(
        Owner,
        new Manifest(ResourceTypes.ServiceAccount, Key, """{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "fa", "namespace": "home"}}"""u8.ToArray()),
        owned: true,
        adopt: false,
        TestContext.Current.CancellationToken);
}
