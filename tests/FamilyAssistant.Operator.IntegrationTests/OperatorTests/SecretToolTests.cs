using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Secrets as tools such as External Secrets write them: later than the instance, deleted and made anew instead of edited, and immutable.</summary>
public sealed class SecretToolTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_Secret_that_comes_late_is_taken_up_by_itself()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithoutSecret(InstanceBuilder.KeysSecret));
        var waiting = await instance.WaitForAsync(ConditionTypes.SecretsValid, "False", "SecretNotFound");
        waiting.Status!.Secrets!.Single(secret => secret.Name == "TELEGRAM_BOT_TOKEN").Present.ShouldBeFalse();
        (await instance.PodsAsync()).ShouldBeEmpty();

        await CreateAsync(ns, "first", immutable: true);

        var ready = await instance.WaitUntilReadyAsync();
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash("first"));
        ready.Status!.Secrets!.Single(secret => secret.Name == "OPENROUTER_API_KEY").Source.ShouldBe("Secret family-assistant-keys");
    }

    [Fact]
    public async Task An_immutable_Secret_that_is_replaced_is_one_rollout_and_the_pod_stays_as_it_is_in_between()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithoutSecret(InstanceBuilder.KeysSecret));
        await CreateAsync(ns, "first", immutable: true);
        await instance.WaitUntilReadyAsync();
        var before = instance.PodsSoFar();
        var incarnation = await instance.IncarnationAsync();

        await Bed.Objects.DeleteAsync(ResourceTypes.Secret, ns.Name, InstanceBuilder.KeysSecret);
        await instance.WaitForAsync(ConditionTypes.SecretsValid, "False", "SecretNotFound");
        (await instance.IncarnationAsync()).ShouldBe(incarnation, "a Secret that is gone is no empty one");

        await CreateAsync(ns, "second", immutable: true);
        await instance.WaitForAsync(async () => instance.PodsSoFar() > before && (await instance.PodsAsync()).Count == 1, "the replacement of the pod");
        await instance.WaitUntilReadyAsync();
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash("second"));
        (instance.PodsSoFar() - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_Secret_that_is_made_anew_with_the_same_content_restarts_nothing()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithoutSecret(InstanceBuilder.KeysSecret));
        await CreateAsync(ns, "same", immutable: false);
        await instance.WaitUntilReadyAsync();
        var incarnation = await instance.IncarnationAsync();

        await Bed.Objects.DeleteAsync(ResourceTypes.Secret, ns.Name, InstanceBuilder.KeysSecret);
        await CreateAsync(ns, "same", immutable: true);
        // A change that the operator answers comes after both; what it finds is what they left.
        await instance.AnnotateAsync("family-assistant.io/paused", "true");
        await instance.WaitForAsync(seen => seen.Status!.Phase == "Paused", "the phase Paused");
        await instance.AnnotateAsync("family-assistant.io/paused", null);
        await instance.WaitForAsync(seen => seen.Status!.Phase == "Running", "the phase Running");

        (await instance.IncarnationAsync()).ShouldBe(incarnation);
    }

    private Task<JsonObject> CreateAsync(TestNamespace ns, string key, bool immutable) => Bed.Objects.CreateAsync(ResourceTypes.Secret, ns.Name, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = InstanceBuilder.KeysSecret },
        ["stringData"] = new JsonObject { ["OPENROUTER_API_KEY"] = key },
        ["immutable"] = immutable,
    });

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
