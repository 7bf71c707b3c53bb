using CsCheck;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Caching;

/// <summary>Whatever arrives late, twice or out of order leaves the newest state.</summary>
public sealed class ObjectStoreTests
{
    private static readonly ObjectKey A = new("home", "a");
    private readonly List<ObjectChange> _changes = [];
    private readonly ObjectStore _store;

    public ObjectStoreTests() => _store = new ObjectStore(new InformerOptions(ResourceTypes.ConfigMap), _changes.Add);

    [Fact]
    public void The_echo_of_an_own_write_is_no_change()
    {
        _store.Put(Wire.Object("a", 3));
        _store.Remember(Wire.Object("a", 5));
        _changes.Clear();

        _store.Put(Wire.Object("a", 5));

        _changes.ShouldBeEmpty();
    }

    [Fact]
    public void An_event_from_before_an_own_write_does_not_undo_it()
    {
        _store.Remember(Wire.Object("a", 5));
        _store.Put(Wire.Object("a", 4));

        _store.Get(A)!.ResourceVersion.ShouldBe("5");
    }

    [Fact]
    public void The_late_answer_to_a_write_does_not_bring_a_deleted_object_back()
    {
        _store.Put(Wire.Object("a", 3));
        _store.Remove(Wire.Object("a", 6));
        _store.Remember(Wire.Object("a", 5));

        _store.Get(A).ShouldBeNull();
    }

    [Fact]
    public void The_late_end_of_an_earlier_incarnation_does_not_remove_its_successor()
    {
        _store.Put(Wire.Object("a", 3, uid: "one"));
        _store.Remember(Wire.Object("a", 9, uid: "two"));
        _store.Remove(Wire.Object("a", 8, uid: "one"));

        _store.Get(A)!.Uid.ShouldBe("two");
    }

    [Fact]
    public void An_object_that_is_being_deleted_stays_so_whatever_late_events_say()
    {
        _store.Put(Wire.Object("a", 3));
        _store.Forget(Wire.Object("a", 3));
        _store.Put(Wire.Object("a", 4));

        _store.Get(A)!.IsTerminating.ShouldBeTrue();
    }

    [Fact]
    public void A_list_removes_what_it_lacks_but_nothing_newer_than_itself()
    {
        _store.Put(Wire.Object("a", 3));
        _store.Remember(Wire.Object("b", 12));

        _store.Prune("home", [], "10");

        _store.List("").Select(o => o.Key.Name).ShouldBe(["b"]);
        _changes[^1].New.ShouldBeNull();
    }

    [Fact]
    public void Objects_are_found_by_label_and_by_owner_as_they_change()
    {
        _store.Put(Wire.Object("a", 3, members: ""","labels":{"x":"1"},"ownerReferences":[{"uid":"o","controller":true}]"""));
        _store.List("home", "x", "1").Count.ShouldBe(1);
        _store.ListControlledBy("o").Count.ShouldBe(1);

        _store.Put(Wire.Object("a", 4));

        _store.List("home", "x", "1").ShouldBeEmpty();
        _store.ListControlledBy("o").ShouldBeEmpty();
    }

    /// <summary>A history of one name: incarnations that are created, changed and deleted, one version each.</summary>
    [Fact]
    public void Any_order_and_repetition_of_a_history_leaves_its_end() =>
        Gen.Select(Gen.Int[0, 2].Array[1, 12], Gen.Int[0, 11].Array[0, 40]).Sample((steps, order) =>
        {
            var history = History(steps);
            var store = new ObjectStore(new InformerOptions(ResourceTypes.ConfigMap), _ => { });

            // First some of it in any order and repeatedly, then all of it in its order, as after a new list.
            foreach (var step in order.Where(step => step < history.Count).Select(step => history[step]).Concat(history))
            {
                (step.Deleted ? (Action<ClusterObject>)store.Remove : store.Remember)(step.Object);
            }

            var (last, deleted) = history[^1];
            store.Get(A)?.ResourceVersion.ShouldBe(last.ResourceVersion);
            (store.Get(A) is null).ShouldBe(deleted);
        });

    private static List<(ClusterObject Object, bool Deleted)> History(int[] steps)
    {
        var history = new List<(ClusterObject, bool)>();
        var incarnation = 0;
        var there = false;
        for (var version = 1; version <= steps.Length; version++)
        {
            var deletes = there && steps[version - 1] == 0;
            incarnation += there ? 0 : 1;
            history.Add((Wire.Object("a", version, uid: $"u{incarnation}"), deletes));
            there = !deletes;
        }

        return history;
    }
}
