using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Generated keys are made anew once for each operation, and people are told what that ends.</summary>
public sealed class RotationTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Generated = "home-generated";

    [Fact]
    public async Task Web_Push_keys_are_made_anew_with_the_number_of_subscriptions_as_evidence()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database));
        await instance.WaitUntilReadyAsync();
        await database.ScalarAsync<long>("WITH made AS (INSERT INTO push_subscriptions (user_identifier, subscription) SELECT 'alice', '{}' FROM generate_series(1, 3) RETURNING id) SELECT count(*) FROM made");
        var before = await KeysAsync(ns);
        var pods = instance.PodsSoFar();

        var dryRun = await FinishedAsync(instance, "RotateVapidKeys", dryRun: true);
        dryRun.Reason.ShouldBe("DryRun");
        dryRun.Message!.ShouldContain("3 push subscriptions end");
        (await KeysAsync(ns)).ShouldBe(before);

        var done = await FinishedAsync(instance, "RotateVapidKeys");
        done.Phase.ShouldBe("Succeeded", done.Message);
        var after = await KeysAsync(ns);
        done.Before!["push_subscriptions"].ShouldBe("3");
        done.Before["vapid.publicKey"].ShouldBe(before.Public);
        done.After!["vapid.publicKey"].ShouldBe(after.Public);
        after.Private.ShouldNotBe(before.Private);
        after.Session.ShouldBe(before.Session);
        (instance.PodsSoFar() - pods).ShouldBe(1);
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash(after.Private));
        await instance.WaitForEventAsync("PushKeysChanged", "3 push subscriptions are invalid now");
        var said = await instance.EverythingSaidAsync() + Text(done);
        said.ShouldNotContain(before.Private);
        said.ShouldNotContain(after.Private);
    }

    [Fact]
    public async Task The_session_secret_is_made_anew_for_a_stopped_instance_which_stays_stopped()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        var before = await KeysAsync(ns);

        var done = await FinishedAsync(instance, "RotateSessionSecret");

        done.Phase.ShouldBe("Succeeded", done.Message);
        var after = await KeysAsync(ns);
        after.Session.ShouldNotBe(before.Session);
        (after.Private, after.Public).ShouldBe((before.Private, before.Public));
        (await instance.PodsAsync()).ShouldBeEmpty();
        (await instance.EverythingSaidAsync() + Text(done)).ShouldNotContain(after.Session);
    }

    [Fact]
    public async Task A_key_of_the_users_own_is_refused_and_an_edit_of_it_is_told_with_what_it_ends()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var own = VapidKey.Generate();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0)
            .WithSecret(InstanceBuilder.KeysSecret, ("VAPID_PRIVATE_KEY", own.Private), ("VAPID_PUBLIC_KEY", own.Public)));
        await instance.WaitUntilReadyAsync();

        var refused = await FinishedAsync(instance, "RotateVapidKeys");
        (refused.Phase, refused.Reason).ShouldBe(("Failed", "KeyNotGenerated"));
        refused.Message!.ShouldContain($"of Secret {InstanceBuilder.KeysSecret}");

        var other = VapidKey.Generate();
        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("VAPID_PRIVATE_KEY", other.Private), ("VAPID_PUBLIC_KEY", other.Public));
        // Its application has never run, so nobody has subscribed.
        await instance.WaitForEventAsync("PushKeysChanged", "Nobody had subscribed");
    }

    private static string Text(OperationStatus status) => JsonSerializer.Serialize(status, ApiJsonContext.Default.OperationStatus);

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private async Task<(string Private, string Public, string Session)> KeysAsync(TestNamespace ns)
    {
        var data = (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, Generated))["data"]!;
        return (Text(GeneratedKeys.VapidPrivate), Text(GeneratedKeys.VapidPublic), Text(GeneratedKeys.SessionSecret));

        string Text(string key) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data[key]!.GetValue<string>()));
    }

    /// <summary>The status of an operation that has run to its end.</summary>
    private static async Task<OperationStatus> FinishedAsync(TestInstance instance, string action, bool dryRun = false)
    {
        var operation = await TestOperation.CreateAsync(instance, $"{action.ToLowerInvariant()}{(dryRun ? "-dry-run" : "")}", action, dryRun);
        return await operation.WaitForAsync(status => status.Phase is "Succeeded" or "Failed", "the end");
    }
}
