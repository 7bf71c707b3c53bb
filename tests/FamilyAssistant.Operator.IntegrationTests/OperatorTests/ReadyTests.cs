using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The main job: one YAML, and a family has its assistant.</summary>
public sealed class ReadyTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4301;

    [Fact]
    public async Task An_instance_with_a_managed_database_becomes_Ready_on_a_PostgreSQL_of_its_own()
    {
        RequirePods();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed());

        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "wait", "--for=condition=Ready", "--timeout=180s", "fai/home")).ExitCode.ShouldBe(0, await instance.DescribeAsync());

        var (code, body) = await instance.HealthAsync();
        code.ShouldBe(200);
        body["status"]!.GetValue<string>().ShouldBe("healthy", "without a bot there is nothing to poll");
        var database = (await instance.PodsAsync(Components.Database)).ShouldHaveSingleItem();
        database.Metadata.Name.ShouldBe("home-postgres-0");
        var seen = await instance.ReadAsync();
        seen.Status!.Database!.Revision.ShouldBe("add_is_skill_notes");
        seen.Status.Version.ShouldBe("20260222_031455");
        seen.Status.Image!.ShouldStartWith(InstanceBuilder.Image.Split(':')[0]);
        seen.Status.Image!.ShouldContain("@sha256:");
        (await Bed.Objects.ListAsync(ResourceTypes.PersistentVolumeClaim, ns.Name)).Select(claim => claim["metadata"]!["name"]!.GetValue<string>())
            .ShouldBe(["home-data", "home-postgres-data"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_instance_with_an_external_database_and_a_bot_becomes_Ready_and_its_bot_answers()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).WithBot(Bot));

        var seen = await instance.WaitUntilReadyAsync();

        (await instance.HealthAsync()).Body["status"]!.GetValue<string>().ShouldBe("ok");
        seen.Status!.Telegram!.BotId.ShouldBe("4301");
        (await database.ScalarAsync<string>("SELECT version_num FROM alembic_version")).ShouldBe("add_is_skill_notes");
        Bed.Cluster.Telegram.SendMessage(Bot, 4711, "hello");
        await instance.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Replies(Bot).Any()), "an answer of the bot");
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot);
    }

    [Fact]
    public async Task Kubectl_shows_the_instance_stops_it_and_starts_it_again()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot + 1));
        await instance.WaitUntilReadyAsync();

        var table = (await Bed.Cluster.KubectlAsync("-n", ns.Name, "get", "fai")).OutputOrThrow("kubectl get fai").Split('\n');
        table[0].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldBe(["NAME", "READY", "STATUS", "VERSION", "BOT", "REVISION", "LAST BACKUP", "AGE"]);
        table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..6].ShouldBe(["home", "True", "Running", "20260222_031455", "4302", "add_is_skill_notes"]);

        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "scale", "fai/home", "--replicas=0")).OutputOrThrow("kubectl scale");
        var stopped = await instance.WaitForAsync(ConditionTypes.Ready, "True", "Stopped");
        stopped.Status!.Phase.ShouldBe("Stopped");
        (await instance.PodsAsync()).ShouldBeEmpty();

        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "scale", "fai/home", "--replicas=1")).OutputOrThrow("kubectl scale");
        await instance.WaitForAsync(i => i.Status!.Phase == "Running", "the phase Running");
        (await instance.HealthAsync()).Code.ShouldBe(200);
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot + 1);
    }

    [Fact]
    public async Task Kubectl_describe_reads_like_a_report()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).WithBot(Bot + 2));
        await instance.WaitUntilReadyAsync();
        await instance.WaitForEventAsync("Ready");

        var text = (await Bed.Cluster.KubectlAsync("-n", ns.Name, "describe", "fai", "home")).OutputOrThrow("kubectl describe");

        Golden.ShouldMatch("describe.txt", Masks.Describe(text, ns.Name, database));
    }
}
