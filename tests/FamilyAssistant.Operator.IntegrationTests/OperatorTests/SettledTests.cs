using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Where nothing happens, the operator does nothing.</summary>
public sealed class SettledTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Settled_instances_cause_no_write_and_no_read_for_a_minute()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        List<TestInstance> instances = [await CreateAsync(ns, "stopped", builder => builder.With("replicas", 0))];
        if (Bed.Cluster.Capabilities.RunsPods)
        {
            instances.Add(await CreateAsync(ns, "bot", builder => builder.WithSecret("bot-keys", ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(5101))).With("telegram.allowAnyone", true)));
            instances.Add(await Bed.CreateAsync(ns, InstanceBuilder.Managed().WithoutSecret(InstanceBuilder.KeysSecret).With("secretRef", null).Named("own")));
        }

        foreach (var instance in instances)
        {
            await instance.WaitUntilReadyAsync();
        }

        // What Ready itself set off is still on its way: an event, the answer of a watch to the status.
        await Wait.ForAsync(async () => !(await RequestsAsync(ns, await NowAsync() - TimeSpan.FromSeconds(5))).Any(), "the last request about these instances");
        var from = await NowAsync();
        await Wait.ForAsync(async () => await NowAsync() - from > Window, "a minute of the audit log's clock", Window * 3);

        (await RequestsAsync(ns, from)).Select(record => $"{record.Verb} {record.RequestUri}").ShouldBeEmpty();
        foreach (var instance in instances)
        {
            TestInstance.Of(await instance.ReadAsync(), ConditionTypes.Ready)!.Status.ShouldBe("True");
        }
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns, string name, Func<InstanceBuilder, InstanceBuilder> change)
    {
        // Each with Secrets of its own: they live in one namespace.
        var database = await ExternalDatabase.CreateAsync(Bed);
        var builder = InstanceBuilder.External(database.Server.Host, database.Server.Port, database.Name).WithoutSecret(InstanceBuilder.KeysSecret)
            .WithSecret($"{name}-keys", ("OPENROUTER_API_KEY", "x"))
            .WithSecret($"{name}-db", ("username", database.Name), ("password", database.Password))
            .With("secretRef.name", $"{name}-keys")
            .With("database.external.credentialsSecretRef.name", $"{name}-db")
            .Named(name);
        return await Bed.CreateAsync(ns, change(builder));
    }

    /// <summary>Everything but a watch that opens again, and the looks at the log of the one that polls, of which there are few.</summary>
    private async Task<IReadOnlyList<AuditRecord>> RequestsAsync(TestNamespace ns, DateTimeOffset from)
    {
        var all = (await Bed.RequestsAsync(Bed.AuditStart, ns.Name)).Where(record => record.Verb != "watch").ToList();
        var logs = all.Where(record => record is { Resource: "pods", Subresource: "log" }).ToList();
        logs.ShouldAllBe(record => record.Name == "bot-0");
        logs.Count.ShouldBeLessThanOrEqualTo(3, "at 10 and 30 seconds and two minutes of the container's age");
        return [.. all.Except(logs).Where(record => record.RequestReceivedTimestamp > from)];
    }

    /// <summary>Now, as the audit log knows it: the operator renews its Lease every two seconds.</summary>
    private async Task<DateTimeOffset> NowAsync() =>
        (await Bed.RequestsAsync(Bed.AuditStart)).Last(record => record.Resource == "leases").RequestReceivedTimestamp;
}
