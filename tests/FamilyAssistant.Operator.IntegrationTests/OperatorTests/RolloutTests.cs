using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Restarts follow causes: what the application uses and nothing else, and several changes at once are one.</summary>
public sealed class RolloutTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task Several_edits_of_Secret_and_ConfigMap_at_once_are_one_rollout_and_the_application_has_them_all()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns);
        var before = instance.PodsSoFar();
        var first = (await instance.PodAsync()).Metadata.Uid;

        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("OPENROUTER_API_KEY", "second"), ("CALDAV_PASSWORD", "new"));
        await Bed.Objects.PatchAsync(ResourceTypes.ConfigMap, ns.Name, "files", """{"data":{"prompts.yaml":"b: 2"}}""");
        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("OPENROUTER_API_KEY", "third"));

        await instance.WaitForAsync(async () => (await instance.PodsAsync()).All(pod => pod.Metadata.Uid != first), "the replacement of the pod");
        await instance.WaitUntilReadyAsync();
        await instance.WaitForEventAsync("ConfigurationRolledOut");
        (instance.PodsSoFar() - before).ShouldBe(1);
        var state = (await instance.StateAsync()).ToJsonString();
        state.ShouldContain(Hash("third"));
        state.ShouldContain(Hash("new"));
        state.ShouldContain(Hash("b: 2"));
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == 4601);
    }

    [Fact]
    public async Task Twenty_edits_of_three_objects_at_once_are_one_rollout_of_the_last_ones()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await Bed.Objects.CreateAsync(ResourceTypes.Secret, ns.Name, JsonNode.Parse("""{"metadata":{"name":"other"},"stringData":{"token":"0"}}""")!.AsObject());
        var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)).WithBot(4602)
            .With("env", JsonNode.Parse("""[{"name":"HOMEASSISTANT_API_KEY","valueFrom":{"secretKeyRef":{"name":"other","key":"token"}}}]""")));
        await instance.WaitUntilReadyAsync();
        var before = instance.PodsSoFar();
        var first = (await instance.PodAsync()).Metadata.Uid;

        for (var edit = 1; edit <= 20; edit++)
        {
            await ((edit % 3) switch
            {
                0 => (Task)instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("OPENROUTER_API_KEY", $"key-{edit}")),
                1 => Bed.Objects.PatchAsync(ResourceTypes.ConfigMap, ns.Name, "files", $$$"""{"data":{"config.yaml":"a: {{{edit}}}"} }"""),
                _ => instance.SetSecretAsync("other", ("token", $"token-{edit}")),
            });
        }

        await instance.WaitForAsync(async () => (await instance.PodsAsync()).All(pod => pod.Metadata.Uid != first), "the replacement of the pod");
        await instance.WaitUntilReadyAsync();
        (instance.PodsSoFar() - before).ShouldBe(1);
        var state = (await instance.StateAsync()).ToJsonString();
        foreach (var last in (string[])["key-18", "a: 19", "token-20"])
        {
            state.ShouldContain(Hash(last));
        }

        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == 4602);
    }

    [Fact]
    public async Task A_key_that_the_application_does_not_use_restarts_nothing()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        var template = await TemplateAsync(ns);

        await Bed.Objects.PatchAsync(ResourceTypes.ConfigMap, ns.Name, "files", """{"data":{"notes.txt":"not a file of the application"}}""");
        await Bed.Objects.PatchAsync(ResourceTypes.Secret, ns.Name, InstanceBuilder.KeysSecret, """{"metadata":{"labels":{"team":"a"}}}""");
        // A change that is rolled out comes after both; what it finds is what they left.
        await instance.SetAsync("timezone", "Australia/Sydney");
        await instance.WaitForAsync(async () => (await TemplateAsync(ns)).Contains("Australia/Sydney", StringComparison.Ordinal), "the time zone in the template");

        var after = await TemplateAsync(ns);
        Hashes(after).ShouldBe(Hashes(template));
    }

    private static InstanceBuilder Described(ExternalDatabase database) => InstanceBuilder.External(database).WithBot(4601)
        .WithConfigMap("files", ("config.yaml", "a: 1"), ("prompts.yaml", "b: 1"))
        .With("configRef.name", "files");

    private async Task<TestInstance> CreateAsync(TestNamespace ns)
    {
        var instance = await Bed.CreateAsync(ns, Described(await ExternalDatabase.CreateAsync(Bed)));
        await instance.WaitForAsync(ConditionTypes.Ready, "True");
        return instance;
    }

    private async Task<string> TemplateAsync(TestNamespace ns) => (await Bed.Objects.GetAsync(ResourceTypes.StatefulSet, ns.Name, "home"))["spec"]!["template"]!.ToJsonString();

    private static string Hashes(string template) => JsonNode.Parse(template)!["metadata"]!["annotations"]!["family-assistant.io/config-hash"]!.GetValue<string>();

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
