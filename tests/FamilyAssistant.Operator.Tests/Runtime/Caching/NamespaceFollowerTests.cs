using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Caching;

public sealed class NamespaceFollowerTests
{
    [Fact]
    public async Task Secrets_are_watched_only_where_the_leading_kind_has_objects()
    {
        await using var server = await StartAsync(context => context.Request.Query.ContainsKey("watch") ? WatchAsync(context, open: true) : WriteAsync(context, Wire.List(7, Wire.Item("s", 3))));
        var transport = server.Transport(TimeProvider.System);
        var leader = new Informer(new InformerOptions(ResourceTypes.ConfigMap), transport, server.Metrics, TimeProvider.System, NullLogger.Instance);
        var follower = new Informer(
            new InformerOptions(ResourceTypes.Secret) { FollowNamespacesOf = ResourceTypes.ConfigMap }, transport, server.Metrics, TimeProvider.System, NullLogger.Instance);
        var caches = new Caches([leader, follower]);
        using var stop = new CancellationTokenSource();
        var loop = follower.RunAsync(stop.Token);
        server.Requests.ShouldBeEmpty();

        leader.Store.Put(Wire.Object("a", 3));
        leader.Store.Put(Wire.Object("b", 4));
        await Eventually.HoldsAsync(() => follower.IsSynced("home") && follower.Cache.List("home").Count == 1, "the namespace in the cache");
        caches.FaultsOf("elsewhere").Select(fault => fault.Type.Kind).ShouldContain("Secret");

        leader.Store.Remove(Wire.Object("a", 5));
        follower.IsSynced("home").ShouldBeTrue("one is left");
        leader.Store.Remove(Wire.Object("b", 6));
        follower.IsSynced("home").ShouldBeFalse();
        await Eventually.HoldsAsync(() => follower.Cache.List("home").Count == 0, "an empty cache");
        server.Requests.ShouldAllBe(request => request.Contains("/namespaces/home/secrets"));

        await stop.CancelAsync();
        await loop;
    }
}
