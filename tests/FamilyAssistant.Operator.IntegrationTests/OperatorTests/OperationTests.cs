using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Operations on a running instance with a bot, under the rights of <c>deploy/</c>; the stand-in for Telegram is the witness that two pods never poll at once.</summary>
public sealed class OperationTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 7101;

    [Fact]
    public async Task An_operation_that_is_applied_before_its_instance_waits_for_it_runs_once_and_never_again()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var manifest = await ManifestAsync(ns, TestOperation.Manifest("restart-1", "Restart"));
        (await Bed.Cluster.KubectlAsync("apply", "-n", ns.Name, "-f", manifest)).OutputOrThrow("kubectl apply");
        var home = new TestInstance(Bed, ns.Name, "home");
        var restart = new TestOperation(Bed, home, "restart-1");
        await restart.WaitForAsync("Pending", "InstanceNotFound");

        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot));
        var status = await restart.WaitUntilSucceededAsync();

        status.RequestedBy.ShouldBe("kubectl-client-side-apply");
        status.InstanceUid.ShouldBe((await instance.ReadAsync()).Metadata.Uid);
        status.Before!["home-0.uid"].ShouldNotBe(status.After!["home-0.uid"]);
        status.After["home-0.uid"].ShouldBe((await instance.PodAsync()).Metadata.Uid);

        // On a slow machine the first pod is replaced before it has run.
        var ran = instance.PodsSoFar();
        ran.ShouldBeInRange(1, 2);
        await instance.WaitForEventAsync("OperationStarted", "restart-1 (Restart)");
        await instance.WaitForEventAsync("OperationSucceeded", "restart-1 (Restart)");

        (await Bed.Cluster.KubectlAsync("apply", "-n", ns.Name, "-f", manifest)).OutputOrThrow("kubectl apply").ShouldContain("unchanged");
        // Whatever a second run would do comes before the end of an operation that was created after it.
        (await (await TestOperation.CreateAsync(instance, "restart-2", "Restart")).WaitUntilSucceededAsync()).Message!.ShouldContain("home-0 replaced");
        instance.PodsSoFar().ShouldBe(ran + 1);
        await NoOverlapAsync(instance, Bot);
    }

    [Fact]
    public async Task Two_operations_at_once_run_one_after_the_other_and_no_two_pods_poll_at_once()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot + 1));
        await instance.WaitUntilReadyAsync();

        var first = await TestOperation.CreateAsync(instance, "a-stop-start", "StopStart");
        var second = await TestOperation.CreateAsync(instance, "b-restart", "Restart");

        await second.WaitForAsync("Pending", "Queued");
        await instance.WaitForEventAsync("Scaled", "operation a-stop-start");
        var ended = await first.WaitUntilSucceededAsync();
        var then = await second.WaitUntilSucceededAsync();

        string.CompareOrdinal(ended.FinishedAt, then.StartedAt).ShouldBeLessThanOrEqualTo(0);
        then.Before!["home-0.uid"].ShouldBe(ended.After!["home-0.uid"]);
        instance.PodsSoFar().ShouldBe(3);
        await instance.WaitUntilReadyAsync();
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
        await NoOverlapAsync(instance, Bot + 1);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_but_its_own_status()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot + 2));
        await instance.WaitUntilReadyAsync();
        var before = await instance.IncarnationAsync();
        var from = Bed.Cluster.Audit.Position;

        foreach (var action in (string[])["Restart", "StopStart"])
        {
            var status = await (await TestOperation.CreateAsync(instance, $"dry-{action.ToLowerInvariant()}", action, dryRun: true)).WaitUntilSucceededAsync();
            status.Reason.ShouldBe("DryRun");
            status.Message!.ShouldContain("home-0");
            status.Before!["home-0.uid"].ShouldBe((await instance.PodAsync()).Metadata.Uid);
        }

        (await Bed.RequestsAsync(from, ns.Name)).Where(record => record is { IsWrite: true, Resource: not "events" })
            .Select(record => $"{record.Verb} {record.Resource}/{record.Subresource} {record.Name}")
            .ShouldBe(["patch familyassistantoperations/status dry-restart", "patch familyassistantoperations/status dry-stopstart"], ignoreOrder: true);
        (await instance.IncarnationAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_or_edited_while_it_holds_the_instance_stopped_it_is_over_and_the_instance_starts_again(bool delete)
    {
        RequirePods();
        RequireOwnCluster();
        if (!delete)
        {
            Require(server => !server.HasCel, "this API server refuses the edit itself");
        }

        await using var ns = await Bed.CreateNamespaceAsync();
        var bot = delete ? Bot + 3 : Bot + 4;
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(bot));
        await instance.WaitUntilReadyAsync();
        // The pod ends when the test says so, and until then the operation is in the stage Stopping.
        await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, "home-0", """{"metadata":{"finalizers":["example.com/hold"]}}""");
        var operation = await TestOperation.CreateAsync(instance, "mistake", "StopStart");
        await operation.WaitForAsync(status => status.Stage == "Stopping", "the stage Stopping");
        await instance.WaitForAsync(async () => (await instance.PodsAsync()) is [{ Metadata.DeletionTimestamp: not null }], "the end of the pod to begin");

        if (delete)
        {
            await operation.DeleteAsync();
        }
        else
        {
            await Bed.Objects.PatchAsync(Kinds.Operation, ns.Name, "mistake", """{"spec":{"action":"Restart"}}""");
            await operation.WaitForAsync("Failed", "SpecChanged");
        }

        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
        await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, "home-0", """{"metadata":{"finalizers":null}}""");
        await instance.WaitForAsync(async () => instance.PodsSoFar() == 2 && (await instance.PodsAsync()) is [{ Metadata.DeletionTimestamp: null }], "the next pod");
        await instance.WaitUntilReadyAsync();
        await NoOverlapAsync(instance, bot);
    }

    [Fact]
    public async Task An_instance_that_is_deleted_meanwhile_ends_its_operations()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)));
        await instance.WaitUntilReadyAsync();
        await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, "home-0", """{"metadata":{"finalizers":["example.com/hold"]}}""");
        var running = await TestOperation.CreateAsync(instance, "a-running", "StopStart");
        await running.WaitForAsync(status => status.Stage == "Stopping", "the stage Stopping");
        var queued = await TestOperation.CreateAsync(instance, "b-queued", "Restart");
        await queued.WaitForAsync("Pending", "Queued");

        await instance.DeleteAsync();

        await running.WaitForAsync("Failed", "InstanceTerminating");
        await queued.WaitForAsync("Failed", "InstanceTerminating");
        await Bed.Objects.PatchAsync(ResourceTypes.Pod, ns.Name, "home-0", """{"metadata":{"finalizers":null}}""");
        await instance.WaitUntilGoneAsync();
    }

    [Fact]
    public async Task Finished_operations_beyond_the_limit_are_deleted_but_not_those_that_a_tool_would_create_again()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().With("replicas", 0).With("operationHistoryLimit", 1));
        var managed = TestOperation.Manifest("managed", "Restart");
        managed["metadata"]!["annotations"] = new JsonObject { ["argocd.argoproj.io/tracking-id"] = "home:family-assistant.io/FamilyAssistantOperation:home/managed" };
        await Bed.Objects.CreateAsync(Kinds.Operation, ns.Name, managed);
        await new TestOperation(Bed, instance, "managed").WaitForAsync("Failed", "InstanceStopped");

        // Of those that ended in the same second the later name counts as the younger one.
        foreach (var name in (string[])["n-1", "n-2", "n-3"])
        {
            await TestOperation.CreateAsync(instance, name, "Restart");
            await instance.WaitForAsync(async () => await NamesAsync(ns) is var names && names.SequenceEqual(["managed", name]), $"only managed and {name} to be left");
        }
    }

    [Fact]
    public async Task Kubectl_shows_it_in_a_table_and_describes_it_readably()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database));
        await instance.WaitUntilReadyAsync();
        var manifest = await ManifestAsync(ns, TestOperation.Manifest("restart-1", "Restart"));
        (await Bed.Cluster.KubectlAsync("create", "-n", ns.Name, "-f", manifest)).OutputOrThrow("kubectl create");
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "wait", "--for=condition=Ready", "fao/restart-1", "--timeout=120s")).OutputOrThrow("kubectl wait");
        await instance.WaitForAsync(
            async () => (await Bed.Client.EventsV1.ListNamespacedEventAsync(ns.Name)).Items.Count(e => e.Regarding?.Name == "restart-1") == 2, "both events of the operation");

        var table = (await Bed.Cluster.KubectlAsync("-n", ns.Name, "get", "fao", "-o", "wide")).OutputOrThrow("kubectl get fao").Split('\n');
        var text = (await Bed.Cluster.KubectlAsync("-n", ns.Name, "describe", "fao", "restart-1")).OutputOrThrow("kubectl describe");

        table[0].ShouldMatch("^NAME +ACTION +INSTANCE +PHASE +AGE +REQUESTED BY +MESSAGE *$");
        table[1].ShouldMatch("^restart-1 +Restart +home +Succeeded +[0-9smh]+ +kubectl-create +home-0 replaced; the instance is Ready\\. *$");
        Golden.ShouldMatch("describe-operation.txt", Masks.Describe(text, ns.Name, database));
    }

    [Theory]
    [InlineData("an unknown action", "action", "\"Explode\"", "spec.action")]
    [InlineData("no action", "action", "null", "spec.action")]
    [InlineData("an action that is a number", "action", "1", "spec.action")]
    [InlineData("no instance", "instanceRef", "null", "spec.instanceRef")]
    [InlineData("an instance in another namespace", "instanceRef", """{"name":"other/home"}""", "spec.instanceRef.name")]
    [InlineData("a dry run that is text", "dryRun", "\"yes\"", "spec.dryRun")]
    public async Task The_API_server_refuses_and_names_the_field(string what, string field, string json, string blamed)
    {
        var manifest = TestOperation.Manifest("bad", "Restart");
        manifest["spec"]![field] = JsonNode.Parse(json);

        var refusal = await Should.ThrowAsync<RefusedException>(() => Bed.Objects.CreateAsync(Kinds.Operation, "default", manifest, dryRun: true));

        refusal.Code.ShouldBe(422, what);
        refusal.Fields.ShouldContain(blamed, refusal.Message);
    }

    [Fact]
    public async Task The_API_server_refuses_an_edit()
    {
        Require(server => server.HasCel, "this API server knows no rules in CEL; the operator's own check is tested instead");
        await using var ns = await Bed.CreateNamespaceAsync();
        await Bed.Objects.CreateAsync(Kinds.Operation, ns.Name, TestOperation.Manifest("fixed", "Restart"));

        var refusal = await Should.ThrowAsync<RefusedException>(() => Bed.Objects.PatchAsync(Kinds.Operation, ns.Name, "fixed", """{"spec":{"action":"StopStart"}}"""));

        refusal.Message.ShouldContain("create another one");
    }

    private async Task<IReadOnlyList<string>> NamesAsync(TestNamespace ns) =>
        [.. (await Bed.Objects.ListAsync(Kinds.Operation, ns.Name)).Select(found => found["metadata"]!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    private async Task<string> ManifestAsync(TestNamespace ns, JsonObject manifest)
    {
        var file = Path.Combine(Bed.Cluster.DataDirectory, $"{ns}-operation.json");
        await File.WriteAllTextAsync(file, manifest.ToJsonString(), Cancellation);
        return file;
    }

    private async Task NoOverlapAsync(TestInstance instance, long bot)
    {
        await instance.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Pollers(bot).Count == instance.PodsSoFar()), "a poll of every pod that ever was");
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot);
        Bed.Cluster.Telegram.ConflictCount(bot).ShouldBe(0);
    }
}
