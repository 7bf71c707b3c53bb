using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Caching;

/// <summary>What takes minutes or hours.</summary>
public sealed class InformerClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_watch_that_stays_silent_for_an_hour_is_not_believed_for_ever()
    {
        await using var rig = await InformerRig.StartAsync(
            (n, c) => WriteAsync(c, n == 1 ? Wire.List(7) : Wire.List(9, Wire.Item("a", 8))), (_, c) => WatchAsync(c, open: true), _time);
        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 1, "a watch");

        await Eventually.HoldsAsync(() => rig.Content.Any(), "a list", () => _time.Advance(TimeSpan.FromSeconds(30)));
        (_time.GetUtcNow() - _time.Start).ShouldBeGreaterThan(TimeSpan.FromHours(1), "quiet kinds of old servers send nothing for long, and a list costs");
    }

    [Fact]
    public async Task A_cache_that_may_not_be_read_any_more_stops_speaking_until_it_may_again()
    {
        var allowed = true;
        var told = 0;
        await using var rig = await InformerRig.StartAsync(
            (_, c) => allowed ? WriteAsync(c, Wire.List(7, Wire.Item("a", 3))) : WriteAsync(c, Wire.Status(403, "Forbidden", "not you"), 403),
            (_, c) => allowed ? WatchAsync(c, open: true) : WriteAsync(c, Wire.Status(403, "Forbidden"), 403),
            _time,
            before: rig => rig.Informer.SubscribeSync(_ => Interlocked.Increment(ref told)));
        await Eventually.HoldsAsync(() => rig.Informer.IsSynced("home"), "the first list");

        allowed = false;
        await Eventually.HoldsAsync(() => !rig.Informer.IsSynced("home"), "the refusal to count", () => _time.Advance(TimeSpan.FromSeconds(10)));
        var fault = rig.Informer.FaultOf("home").ShouldNotBeNull();
        fault.IsRefused.ShouldBeTrue();
        fault.Message.ShouldContain("not you");
        rig.Content.ShouldBe(["a@3"], "what was known is kept");

        allowed = true;
        await Eventually.HoldsAsync(() => rig.Informer.IsSynced("home"), "the right to count again", () => _time.Advance(TimeSpan.FromSeconds(10)));
        rig.Informer.FaultOf("home").ShouldBeNull();
        told.ShouldBe(3);
    }

    [Fact]
    public async Task The_age_of_the_last_word_does_not_follow_the_wall_clock()
    {
        var time = new ShiftedTime(_time);
        await using var rig = await InformerRig.StartAsync((_, c) => WriteAsync(c, Wire.List(7)), (_, c) => WatchAsync(c, open: true), time);
        await Eventually.HoldsAsync(() => rig.Server.Watches.Count == 1, "a watch");

        time.Shift = TimeSpan.FromDays(1);

        rig.Informer.SilentFor.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
