using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Who is served is one edit away, and status never says that somebody is not served any more before it is so.</summary>
public sealed class UsersTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4731;

    /// <summary>Numbers that stand nowhere else by chance.</summary>
    private const string One = "8700000000000001";
    private const string Two = "8700000000000002";

    [Fact]
    public async Task A_user_is_added_and_another_removed_with_one_edit_and_one_restart_each()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot));
        var first = (await instance.WaitUntilReadyAsync()).Status!.Telegram!.AllowedUsers!;
        (first.Source, string.Join(',', first.Ids!)).ShouldBe((AllowedUsersSource.Spec, "4711"));
        var before = instance.PodsSoFar();

        await instance.SetAsync("telegram.allowedUsers", Users(4711, 4712));
        await FollowsAsync(instance, "4711,4712");
        (instance.PodsSoFar() - before).ShouldBe(1);
        Bed.Cluster.Telegram.SendMessage(Bot, 4712, "hello");
        await instance.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Replies(Bot).Any()), "an answer to the new user");

        var old = (await instance.PodAsync()).Metadata.Uid;
        await instance.SetAsync("telegram.allowedUsers", Users(4711));
        // Status is read before the pods: what it says must be true already.
        await instance.WaitForAsync(
            async () =>
            {
                var said = (await instance.FindAsync())!.Status!.Telegram!.AllowedUsers!;
                if (string.Join(',', said.Ids!) != "4711")
                {
                    return false;
                }

                (await instance.PodsAsync()).ShouldNotContain(pod => pod.Metadata.Uid == old, "status must not forget a pod that still serves the removed user");
                return true;
            },
            "the list without the removed user");
        var last = await FollowsAsync(instance, "4711");
        (instance.PodsSoFar() - before).ShouldBe(2);

        await Bed.Objects.DeleteAsync(ResourceTypes.Pod, ns.Name, "home-0");
        await instance.WaitForAsync(async () => instance.PodsSoFar() - before == 3 && (await instance.PodsAsync()).Count == 1, "the pod after a restart");
        (await FollowsAsync(instance, "4711")).Since.ShouldBe(last.Since, "a restart is no change of the list");
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot);
    }

    [Fact]
    public async Task A_list_that_would_not_be_followed_is_refused_and_the_running_pod_stays_as_it_is()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot + 1)
            .With("telegram", null).WithSecret(InstanceBuilder.KeysSecret, ("ALLOWED_USER_IDS", $"{One}, {Two}")));
        var seen = await instance.WaitUntilReadyAsync();
        (seen.Status!.Telegram!.AllowedUsers!.Source, seen.Status.Telegram.AllowedUsers.Ids).ShouldBe((AllowedUsersSource.Secret, null));
        var incarnation = await instance.IncarnationAsync();

        foreach (var (key, value, says) in ((string, string?, string)[])
        [
            ("ALLOWED_USER_IDS", $"{One},", "a comma at an end"),
            ("ALLOWED_USER_IDS", $"{One},alice-canary", "at element 2 of 2"),
            ("ALLOWED_USER_IDS", "", "allowedUsers is empty"),
            ("ALLOWED_USER_IDS", null, "allowedUsers is empty"),
        ])
        {
            await instance.SetSecretAsync(InstanceBuilder.KeysSecret, (key, value));
            await instance.WaitForAsync(i => TestInstance.Of(i, ConditionTypes.SecretsValid) is { Status: "False" } refused && refused.Message.Contains(says, StringComparison.Ordinal), $"the refusal: {says}");
        }

        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("ALLOWED_USER_IDS", $"{One},{Two}"), ("ALLOWED_CHAT_IDS", "4711"));
        await instance.WaitForAsync(i => TestInstance.Of(i, ConditionTypes.SecretsValid) is { Status: "False", Reason: "InvalidValue" } refused && refused.Message.Contains("ALLOWED_CHAT_IDS is not read", StringComparison.Ordinal), "the refusal of the shadowed alias");
        (await instance.IncarnationAsync()).ShouldBe(incarnation);

        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("ALLOWED_USER_IDS", $"{One}, {Two}"), ("ALLOWED_CHAT_IDS", null));
        await instance.WaitUntilReadyAsync();
        (await instance.IncarnationAsync()).ShouldBe(incarnation, "the list is as it was");
        var said = await instance.EverythingSaidAsync();
        said.ShouldNotContain("alice-canary");
        said.ShouldNotContain(Two);
    }

    private static JsonArray Users(params long[] ids) => [.. ids.Select(id => (JsonNode)new JsonObject { ["id"] = id })];

    private static async Task<AllowedUsersStatus> FollowsAsync(TestInstance instance, string ids)
    {
        var seen = await instance.WaitForAsync(
            i => i.Status!.Telegram?.AllowedUsers?.Ids is { } list && string.Join(',', list) == ids && TestInstance.Of(i, ConditionTypes.Ready)?.Status == "True", $"the list {ids} in force");
        return seen.Status!.Telegram!.AllowedUsers!;
    }
}
