using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Caching;

/// <summary>List and watch against a server that misbehaves.</summary>
public sealed class InformerTests
{
    [Fact]
    public async Task A_list_is_read_page_by_page_and_watched_from_its_version()
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.Page(7, "next page", Wire.Item("a", 3)) : Wire.Page(7, "", Wire.Item("b", 5))),
            (_, c) => WatchAsync(c, open: true));

        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 1, "a watch");

        rig.Content.ShouldBe(["a@3", "b@5"]);
        rig.Informer.HasSynced.ShouldBeTrue();
        rig.Server.Lists[1].ShouldContain("continue=next%20page");
        rig.Server.Watches[0].ShouldContain("allowWatchBookmarks=true");
        rig.Server.Watches[0].ShouldContain("resourceVersion=7");
        rig.Server.Watches[0].ShouldContain("timeoutSeconds=");
    }

    [Fact]
    public async Task Created_changed_and_deleted_objects_are_followed_and_told()
    {
        await using var rig = await InformerRig.StartAsync(
            (_, c) => WriteAsync(c, Wire.List(7, Wire.Item("a", 3))),
            (n, c) => n > 1 ? WatchAsync(c, open: true) : WatchAsync(
                c, open: true, Wire.Line("ADDED", Wire.Item("b", 8)), Wire.Line("MODIFIED", Wire.Item("a", 9)), Wire.Line("DELETED", Wire.Item("b", 10))));

        await rig.ShowsAsync("a@9");
        await Eventually.HoldsAsync(() => rig.Changes.Count == 4, "four changes");
        rig.Changes.ShouldBe(["+a", "+b", "~a", "-b"]);
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_from_the_last_bookmark_without_a_list()
    {
        await using var rig = await InformerRig.StartAsync(
            (_, c) => WriteAsync(c, Wire.List(7)),
            (n, c) => n == 1 ? WatchAsync(c, open: false, Wire.Bookmark(20)) : WatchAsync(c, open: true));

        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 2, "a second watch");

        rig.Server.Watches[1].ShouldContain("resourceVersion=20");
        rig.Server.Lists.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_version_means_a_new_list_whether_it_is_a_status_or_a_line(bool asStatus)
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(7, Wire.Item("a", 3), Wire.Item("b", 4)) : Wire.List(30, Wire.Item("a", 25))),
            (n, c) => n > 1 ? WatchAsync(c, open: true)
                : asStatus ? WriteAsync(c, Wire.Status(410, "Expired"), 410)
                : WatchAsync(c, open: false, Wire.Line("ERROR", Wire.Status(410, "Expired"))));

        await rig.ShowsAsync("a@25");
        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 2, "a watch from the new list");
        rig.Server.Watches[1].ShouldContain("resourceVersion=30");
        rig.Changes.ShouldContain("-b", "what went unseen is told");
    }

    [Theory]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"name":"a"}}}""")]
    [InlineData("""{"type":"SURPRISE","object":{}}""")]
    [InlineData("""{"type":"BOOKMARK","object":{"kind":"ConfigMap"}}""")]
    [InlineData("""{"type":"MODIFIED","obj""")]
    [InlineData("""{"type":"MODIFIED","object":{"metadata":{"name":"a","uid":"uid-a","resourceVersion":"8","generation":1.5}}}""")]
    public async Task A_line_that_cannot_be_read_is_counted_and_answered_by_a_list(string line)
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(7, Wire.Item("a", 3)) : Wire.List(9, Wire.Item("a", 8))),
            (n, c) => WatchAsync(c, open: true, n == 1 ? [line] : []));

        await rig.ShowsAsync("a@8");
        rig.Server.Metrics.InformerUndecodable.WithLabels("ConfigMap").Value.ShouldBe(1);
    }

    [Fact]
    public async Task An_item_that_cannot_be_read_hides_no_other_and_has_nothing_removed()
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(7, Wire.Item("a", 3), Wire.Item("b", 4)) : Wire.List(30, """{"metadata":{"name":"a"}}""", Wire.Item("c", 25))),
            (n, c) => n == 1 ? WriteAsync(c, Wire.Status(410, "Gone"), 410) : WatchAsync(c, open: true));

        await rig.ShowsAsync("a@3", "b@4", "c@25");
        rig.Informer.HasSynced.ShouldBeTrue();
    }

    [Fact]
    public async Task A_silent_watch_is_given_up_and_opened_again()
    {
        await using var rig = await InformerRig.StartAsync(
            (_, c) => WriteAsync(c, Wire.List(7)),
            (n, c) => WatchAsync(c, open: true, n == 1 ? [] : [Wire.Line("ADDED", Wire.Item("a", 8))]),
            configure: options => options.IdleTimeout = TimeSpan.FromMilliseconds(100));

        await rig.ShowsAsync("a@8");
        rig.Server.Lists.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_outage_ends_with_the_watch_going_on_and_no_list()
    {
        await using var rig = await InformerRig.StartAsync(
            (_, c) => WriteAsync(c, Wire.List(7, Wire.Item("a", 3))),
            (n, c) =>
            {
                if (n <= 6)
                {
                    c.Abort();
                    return Task.CompletedTask;
                }

                return WatchAsync(c, open: true, Wire.Line("MODIFIED", Wire.Item("a", 8)));
            });

        await rig.ShowsAsync("a@8");
        rig.Server.Lists.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_opens_every_watch_only_to_fail_it_is_asked_for_a_list()
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(7) : Wire.List(9, Wire.Item("a", 8))),
            (n, c) => n <= 3 ? WatchAsync(c, open: false, Wire.Line("ERROR", Wire.Status(500, "InternalError"))) : WatchAsync(c, open: true));

        await rig.ShowsAsync("a@8");
    }

    [Fact]
    public async Task A_store_that_was_set_back_is_taken_as_it_is()
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(100, Wire.Item("a", 90), Wire.Item("b", 91), Wire.Item("gone", 92)) : Wire.List(50, Wire.Item("a", 40), Wire.Item("gone", 41))),
            (n, c) => n == 1 ? WatchAsync(c, open: false, Wire.Line("DELETED", Wire.Item("gone", 101)), Wire.Line("ERROR", Wire.Status(410, "Expired"))) : WatchAsync(c, open: true));

        await rig.ShowsAsync("a@40", "gone@41");
        await Eventually.HoldsAsync(() => rig.Changes.Contains("-b"), "the loss of b to be told");
        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 2, "a watch from there");
        rig.Server.Watches[1].ShouldContain("resourceVersion=50");
    }

    [Fact]
    public async Task What_an_index_or_a_subscriber_stumbles_over_hides_no_other_object()
    {
        await using var rig = await InformerRig.StartAsync(
            (_, c) => WriteAsync(c, Wire.List(7, Wire.Item("a", 3), Wire.Item("b", 4))),
            (_, c) => WatchAsync(c, open: true),
            configure: options => options.Index("bad", o => o.Key.Name == "a" ? throw new InvalidOperationException("a") : [o.Key.Name]),
            before: rig => rig.Informer.Subscribe(change => throw new InvalidOperationException(change.Object.Key.Name)));

        await rig.ShowsAsync("a@3", "b@4");
        rig.Informer.Cache.List("home", "bad", "b").Count.ShouldBe(1);
        rig.Changes.ShouldBe(["+a", "+b"]);
    }
}
