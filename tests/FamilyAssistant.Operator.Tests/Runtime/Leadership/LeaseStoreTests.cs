using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Leadership;
using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Leadership;

public sealed class LeaseStoreTests
{
    private const string EmptyLease = """{"metadata":{"name":"lease","namespace":"system","uid":"u","resourceVersion":"7"},"spec":{}}""";
    private static readonly LeaderOptions Options = new() { Namespace = "system", LeaseName = "lease", Identity = "me" };

    [Fact]
    public async Task An_attempt_that_hangs_leaves_most_of_the_deadline_to_the_next_ones()
    {
        var requests = 0;
        await using var server = await StartAsync(context => Interlocked.Increment(ref requests) == 1
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : WriteAsync(context, EmptyLease));
        var options = Options with { RenewDeadline = TimeSpan.FromSeconds(8) };
        var store = Store(server, options);

        (await Should.ThrowAsync<ClusterApiException>(store.ReadAsync(TestContext.Current.CancellationToken))).Class.ShouldBe(ErrorClass.Transient);
        requests.ShouldBe(1, "the elector decides when to try again");
        (await store.ReadAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().Holder.ShouldBeEmpty();
        LeaseStore.Patience(new ClusterApiOptions { FieldManager = "test" }, Options).Retry.AttemptTimeout.ShouldBeLessThan(Options.RenewDeadline / 2);
    }

    [Fact]
    public async Task A_renewal_is_tied_to_what_was_seen_and_its_times_have_fractions()
    {
        var body = "";
        await using var server = await StartAsync(async context =>
        {
            if (context.Request.Method == "PATCH")
            {
                using var reader = new StreamReader(context.Request.Body);
                body = await reader.ReadToEndAsync(context.RequestAborted);
            }

            await WriteAsync(context, EmptyLease);
        });
        var store = Store(server, Options);
        var seen = await store.ReadAsync(TestContext.Current.CancellationToken);

        await store.WriteAsync(seen! with { Holder = "me", RenewTime = DateTimeOffset.UnixEpoch }, TestContext.Current.CancellationToken);

        var patch = JsonNode.Parse(body)!;
        patch["metadata"]!["resourceVersion"]!.GetValue<string>().ShouldBe("7");
        patch["metadata"]!["uid"]!.GetValue<string>().ShouldBe("u");
        patch["spec"]!["renewTime"]!.GetValue<string>().ShouldBe("1970-01-01T00:00:00.000000Z");
    }

    private static LeaseStore Store(StandInServer server, LeaderOptions options) => new(
        new ClusterApi(server.Transport(TimeProvider.System), LeaseStore.Patience(new ClusterApiOptions { FieldManager = "test" }, options), TimeProvider.System), options);
}
