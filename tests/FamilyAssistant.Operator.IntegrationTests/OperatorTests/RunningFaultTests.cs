using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What goes wrong while an instance serves takes nothing away from its family: the running pod stays as it is until the fix.</summary>
public sealed class RunningFaultTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Keys = InstanceBuilder.KeysSecret;
    private const string Database = InstanceBuilder.DatabaseSecret;

    [Fact]
    public async Task A_fault_of_a_running_instance_leaves_its_pod_alone_and_goes_with_the_fix()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).WithBot(4501));
        await instance.WaitUntilReadyAsync();
        var pod = await instance.IncarnationAsync();

        async Task HoldsAsync(Func<Task> spoil, string condition, string reason, Func<Task> fix)
        {
            await spoil();
            await instance.WaitForAsync(condition, "False", reason);
            (await instance.IncarnationAsync()).ShouldBe(pod, reason);
            (await instance.HealthAsync()).Code.ShouldBe(200, reason);
            await fix();
            await instance.WaitUntilReadyAsync();
            (await instance.IncarnationAsync()).ShouldBe(pod, $"after the fix of {reason}");
        }

        await HoldsAsync(
            () => instance.SetSecretAsync(Database, ("password", "wrong")), ConditionTypes.DatabaseReady, "AuthenticationFailed",
            () => instance.SetSecretAsync(Database, ("password", database.Password)));
        await HoldsAsync(
            () => instance.SetSecretAsync(Database, ("password", null)), ConditionTypes.DatabaseReady, "KeyNotFound",
            () => instance.SetSecretAsync(Database, ("password", database.Password)));
        await HoldsAsync(
            () => instance.SetAsync("database.external.port", 1), ConditionTypes.DatabaseReady, "DatabaseUnreachable",
            () => instance.SetAsync("database.external.port", database.Server.Port));
        await HoldsAsync(
            () => Bed.Objects.DeleteAsync(ResourceTypes.Secret, ns.Name, Database), ConditionTypes.DatabaseReady, "SecretNotFound",
            () => instance.CreateSecretAsync(Database, ("username", database.Name), ("password", database.Password)));
        await HoldsAsync(
            () => Bed.Objects.DeleteAsync(ResourceTypes.Secret, ns.Name, Keys), ConditionTypes.SecretsValid, "SecretNotFound",
            () => instance.CreateSecretAsync(Keys, ("OPENROUTER_API_KEY", "sk-or-of-a-test"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(4501))));
        await HoldsAsync(
            () => instance.SetSecretAsync(Keys, ("TELEGRAM_BOT_TOKEN", "nonsense")), ConditionTypes.SecretsValid, "InvalidToken",
            () => instance.SetSecretAsync(Keys, ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(4501))));
        await HoldsAsync(
            () => instance.SetAsync("telegram.allowedUsers", new JsonArray()), ConditionTypes.SecretsValid, "AllowedUsersMissing",
            () => instance.SetAsync("telegram.allowedUsers", new JsonArray(new JsonObject { ["id"] = 4711, ["name"] = "Alice" })));
        if (!Bed.Cluster.Capabilities.HasCel)
        {
            await HoldsAsync(
                () => instance.SetAsync("storage.size", "500Mi"), ConditionTypes.StorageReady, "CannotShrink",
                () => instance.SetAsync("storage.size", "1Gi"));
        }

        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == 4501);
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_told_and_the_instance_recovers_when_another_is_named()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("image", "ghcr.io/werdnum/family-assistant:20991231_000000"));

        var seen = await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", "ImagePullFailed");
        TestInstance.Of(seen, ConditionTypes.WorkloadAvailable)!.Message.ShouldContain("20991231_000000");

        await instance.SetAsync("image", InstanceBuilder.Image);
        await instance.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task An_application_that_crashes_at_its_start_is_told_and_recovers_when_another_image_is_named()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("image", "ghcr.io/werdnum/family-assistant:crash-at-start"));

        await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", "CrashLoop");

        await instance.SetAsync("image", InstanceBuilder.Image);
        await instance.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task An_application_that_only_initializes_is_not_Ready_although_it_answers_with_200()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(4502).With("image", "ghcr.io/werdnum/family-assistant:always-initializing"));

        await instance.WaitForAsync(ConditionTypes.AppHealthy, "False", "Initializing");

        (await instance.HealthAsync()).Code.ShouldBe(200);
        TestInstance.Of(await instance.ReadAsync(), ConditionTypes.Ready)!.Status.ShouldBe("False");
    }

    [Fact]
    public async Task A_status_that_a_user_forges_is_computed_anew()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere());
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", "DatabaseUnreachable");

        await Bed.Objects.PatchAsync(
            TestInstance.Type,
            ns.Name,
            "home",
            """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","reason":"Succeeded","message":"forged","observedGeneration":1,"lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""",
            subresource: "status");

        await instance.WaitForAsync(i => TestInstance.Of(i, ConditionTypes.Ready) is { Status: "False", Message: not "forged" } && i.Status!.Phase != Phases.Running, "the true status");
    }
}
