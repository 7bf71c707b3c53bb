using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers.Operations;

/// <summary>One operation that changes something at a time, whoever leads and however old its caches are.</summary>
public sealed class OperationTurnTests
{
    private readonly OperationWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_knows_only_its_own_operation_does_not_take_the_turn_of_another()
    {
        _world.Create("a");
        var one = new FrozenCaches(Cluster, Kinds.Operation, Kinds.Instance);
        var b = _world.Create("b", created: "2026-11-23T10:00:00Z");
        Cluster.Drop(Kinds.Operation, InstanceWorld.Key("a"));
        var two = new FrozenCaches(Cluster, Kinds.Operation, Kinds.Instance);
        var a = _world.Create("a");

        // "one" knows the first incarnation of a only, and "two" knows b only.
        await _world.PassAsync("b", two);
        await _world.PassAsync("a", new FrozenCaches(Cluster, Kinds.Operation));

        _world.Turn.ShouldBe(b.Uid);
        _world.Status("a")!.Reason.ShouldBe("Queued");
        await _world.PassAsync("a", one);
        _world.Turn.ShouldBe(b.Uid);
        a.Uid.ShouldNotBe(b.Uid);
    }

    [Fact]
    public async Task The_holder_is_looked_for_live_when_the_cache_does_not_know_it()
    {
        var a = _world.Create("a");
        await _world.PassAsync("a");
        _world.Create("b", created: "2026-11-23T12:00:00Z");
        Cluster.HiddenFromCache.Add(a.Key);

        await _world.PassAsync("b");

        _world.Status("b")!.Reason.ShouldBe("Queued");
        _world.Turn.ShouldBe(a.Uid);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task A_turn_of_nobody_is_taken_over(string holder)
    {
        var a = _world.Create("a");
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"metadata": {"annotations": {"{{{WireNames.OperationAnnotation}}}": "{{{holder}}}"} } }""");

        await _world.PassAsync("a");

        _world.Turn.ShouldBe(a.Uid);
    }

    [Fact]
    public async Task The_turn_of_one_that_ended_is_taken_over_although_the_cache_has_not_heard_of_its_end()
    {
        var a = _world.Create("a");
        await _world.PassAsync("a");
        var b = _world.Create("b", created: "2026-11-23T12:00:00Z");
        Cluster.Edit(Kinds.Operation, a.Key, """{"status": {"phase": "Failed"}}""");
        var late = Cluster.Look(Kinds.Operation, a.Key)!;
        var instance = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;

        (await _world.Lock().TakeAsync(b, null, instance, Cancel)).ShouldBeNull();

        _world.Turn.ShouldBe(b.Uid);
        ProcedureReader.IsFinal(late).ShouldBeTrue();
    }

    [Fact]
    public async Task A_turn_is_not_taken_when_the_instance_was_written_since_it_was_read()
    {
        var a = _world.Create("a");
        var instance = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"metadata": {"labels": {"x": "y"}}}""");

        (await Should.ThrowAsync<ClusterApiException>(async () => await _world.Lock().TakeAsync(a, null, instance, Cancel))).Class.ShouldBe(ErrorClass.Conflict);

        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task One_that_lacks_something_holds_nobody_up_and_is_next_when_it_lacks_nothing()
    {
        _world.Restart.Answer = pass => pass.Source.Key.Name == "a"
            ? new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "Lacks something.")
            : new ProcedureOutcome.Working(ProcedureStages.Stopping, "Stops.");
        var a = _world.Create("a");
        await _world.PassAsync("a");
        _world.Turn.ShouldBeNull();
        var b = _world.Create("b", created: "2026-11-23T12:00:00Z");

        await _world.PassAsync("b");
        _world.Turn.ShouldBe(b.Uid);
        await _world.PassAsync("a");
        _world.Status("a")!.Reason.ShouldBe(ProcedureReasons.Queued);

        Cluster.Edit(Kinds.Operation, b.Key, """{"status": {"phase": "Failed"}}""");
        _world.Restart.Answer = _ => new ProcedureOutcome.Working(ProcedureStages.Stopping, "Stops.");
        await _world.PassAsync("a");
        _world.Turn.ShouldBe(a.Uid);
    }

    [Fact]
    public async Task A_turn_that_was_taken_by_one_that_cannot_begin_any_more_is_given_back()
    {
        _world.Restart.Answer = _ => new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "Lacks something.");
        var a = _world.Create("a");
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"metadata": {"annotations": {"{{{WireNames.OperationAnnotation}}}": "{{{a.Uid}}}"} } }""");

        await _world.PassAsync("a");

        _world.Turn.ShouldBeNull();
        _world.Status("a")!.Reason.ShouldBe(ProcedureReasons.InstanceNotReady);
    }

    [Fact]
    public async Task The_turn_is_of_the_version_that_was_read_before_the_look()
    {
        _world.Restart.Answer = _ =>
        {
            // Somebody else had a turn, and it is over.
            Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"metadata": {"labels": {"x": "y"}}}""");
            return new ProcedureOutcome.Working(ProcedureStages.Stopping, "Stops.");
        };
        _world.Create("a");

        (await Should.ThrowAsync<ClusterApiException>(async () => await _world.PassAsync("a"))).Class.ShouldBe(ErrorClass.Conflict);

        _world.Turn.ShouldBeNull();
        _world.Status("a")?.InstanceUid.ShouldBeNull();
    }

    [Fact]
    public async Task The_pass_over_the_instance_removes_a_turn_that_is_over_and_no_other()
    {
        _world.Create("a");
        await _world.PassAsync("a");
        (await _world.LookAsync()).ShouldBeNull();
        _world.Turn.ShouldNotBeNull("a goes on");

        Cluster.HiddenFromCache.Add(InstanceWorld.Key("a"));
        (await _world.LookAsync()).ShouldBeNull();
        _world.Turn.ShouldNotBeNull("a cache that does not know it is no proof");
        Cluster.HiddenFromCache.Clear();

        Cluster.Drop(Kinds.Operation, InstanceWorld.Key("a"));
        (await _world.LookAsync()).ShouldBeNull();
        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task A_turn_of_an_operation_on_another_instance_is_none()
    {
        var other = _world.Create("other", """{"action": "Restart", "instanceRef": {"name": "elsewhere"}}""");
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"metadata": {"annotations": {"{{{WireNames.OperationAnnotation}}}": "{{{other.Uid}}}"} } }""");

        await _world.LookAsync();

        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_without_a_turn_costs_no_request()
    {
        _world.Create("a");
        Cluster.Requests.Clear();

        await _world.LookAsync();

        Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_running_operation_in_the_stage_Stopping_holds_the_instance_and_only_as_long_as_it_is_so_in_truth()
    {
        _world.Restart.Answer = _ => new ProcedureOutcome.Working(ProcedureStages.Stopping, "Stops.");
        var a = _world.Create("a");
        await _world.PassAsync("a");
        (await _world.LookAsync())!.ShouldContain("operation a ");

        Cluster.StaleInCache[a.Key] = Cluster.Look(Kinds.Operation, a.Key)!;
        Cluster.Edit(Kinds.Operation, a.Key, """{"status": {"stage": "Starting"}}""");
        (await _world.LookAsync()).ShouldBeNull("the cache is late");

        Cluster.StaleInCache.Clear();
        Cluster.Edit(Kinds.Operation, a.Key, """{"status": {"stage": "Stopping"}, "spec": {"dryRun": true}}""");
        (await _world.LookAsync()).ShouldBeNull("it was edited and will fail");
    }

    /// <summary>Two operators, each with caches of some earlier moment, whose requests interleave: chosen by a seed that a failure names.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_two_leaders_with_caches_of_different_age_never_two_operations_have_begun_at_once_and_each_is_carried_out(int seed)
    {
        var random = new Random(seed);
        string[] names = ["a", "b", "c"];
        foreach (var name in names)
        {
            _world.Create(name, $$"""{"action": "{{(name == "b" ? "StopStart" : "Restart")}}"}""", created: $"2026-11-23T11:00:0{random.Next(3)}Z");
        }

        var caches = Enumerable.Range(0, 2).Select(_ => Late()).ToArray();
        var nested = false;
        Cluster.Fail = _ =>
        {
            AtMostOneHasBegun(names, seed);
            if (!nested && random.Next(3) == 0)
            {
                nested = true;
                PassAsync(1).GetAwaiter().GetResult();
                nested = false;
            }

            return null;
        };
        for (var round = 0; round < 50; round++)
        {
            await PassAsync(0);
            if (random.Next(4) == 0)
            {
                await InstancePassAsync(0);
            }
        }

        Cluster.Fail = _ => null;
        await _world.SettleAsync(names);
        // Both may send the act of the operation that has its turn; the preconditions of handlers make the second one nothing.
        _world.Restart.Acts.Concat(_world.StopStart.Acts).Distinct().ShouldBe(names, ignoreOrder: true, $"seed {seed}");
        names.ShouldAllBe(name => _world.Status(name)!.Phase == "Succeeded", $"seed {seed}");

        async Task PassAsync(int leader)
        {
            if (random.Next(3) == 0)
            {
                caches[leader] = Late();
            }

            await TryAsync(() => _world.PassAsync(names[random.Next(names.Length)], caches[leader]));
        }

        // Of this moment, and perhaps without an operation that it has not heard of.
        FrozenCaches Late()
        {
            var late = new FrozenCaches(Cluster, Kinds.Operation, Kinds.Instance);
            if (Cluster.Look(Kinds.Operation, InstanceWorld.Key(names[random.Next(names.Length)])) is { } unknown && random.Next(2) == 0)
            {
                late[Kinds.Operation].Forget(unknown);
            }

            return late;
        }

        Task InstancePassAsync(int leader) => TryAsync(async () =>
        {
            var instance = caches[leader][Kinds.Instance].Get(InstanceWorld.Key("fa"))!;
            await _world.Hold(caches[leader]).LookAsync(instance, Cancel);
        });
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    private void AtMostOneHasBegun(string[] names, int seed) =>
        names.Count(name => _world.Status(name) is { InstanceUid: not null, Phase: "Running" }).ShouldBeLessThanOrEqualTo(1, $"seed {seed}");

    private static async Task TryAsync(Func<Task> pass)
    {
        try
        {
            await pass();
        }
        catch (ClusterApiException conflict) when (conflict.Class == ErrorClass.Conflict)
        {
            // The other one was faster; the controller would try again.
        }
    }
}
