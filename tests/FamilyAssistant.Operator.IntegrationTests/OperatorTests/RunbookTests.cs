using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.OperatorTests.Runbook;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The runbook from top to bottom, word by word, on one instance, by somebody with the role edit; after each section its effect is looked for.</summary>
public sealed class RunbookTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4701;
    private const long OtherBot = 4702;
    private const string Name = "family-assistant";
    private const long Alice = 123456789;
    private const long Bob = 987654321;
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();
    private string _pod = "";
    private JsonNode _keys = new JsonObject();

    [Fact]
    public async Task Every_section_does_what_it_says()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).Named(Name).WithBot(Bot).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        var reader = await RunbookReader.CreateAsync(Bed, ns);
        reader.Variables["KEY"] = "sk-or-rotated";
        reader.Variables["TOKEN"] = InstanceBuilder.TokenOf(OtherBot);
        reader.Variables["PASSPHRASE"] = "a passphrase 'of' \"the\" $(runbook)";
        reader.Variables["CALDAV_USERNAME"] = "alice";
        reader.Variables["CALDAV_PASSWORD"] = "a new password";
        var effects = Effects(instance);
        RunbookPage.Sections.Select(section => $"{section.Number}: {section.Blocks.Count} blocks")
            .ShouldBe(effects.Select(effect => $"{effect.Key}: {effect.Value.Length} blocks"), "the effect of each block is looked for");

        foreach (var (number, blocks) in RunbookPage.Sections)
        {
            foreach (var (block, effect) in blocks.Zip(effects[number]))
            {
                try
                {
                    await effect(await reader.FollowAsync(block));
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    throw new InvalidOperationException($"section {number}, after\n{block.Text}", fault);
                }
            }
        }

        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot || overlap.BotId == OtherBot);
    }

    /// <summary>For each section the effects of its blocks, given what was printed; the application is ready again after the last one.</summary>
    private OrderedDictionary<string, Func<string, Task>[]> Effects(TestInstance instance) => new()
    {
        ["1.1"] = [async _ => (await instance.HealthAsync()).Body["status"]!.GetValue<string>().ShouldBe("ok")],
        ["1.2"] =
        [
            async _ =>
            {
                await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "True", "Stopped");
                Bed.Cluster.Telegram.ActivePoller(Bot).ShouldBeNull();
                await instance.SetAsync("replicas", 1);
                await RunningAsync(instance);
            },
        ],
        ["1.3"] = [_ => Task.CompletedTask, _ => AnotherPodAsync(instance)],
        ["1.4"] = [printed => Prints(printed, "Running", "AppHealthy", "Telegram polling starts")],
        ["1.5"] =
        [
            _ => Task.CompletedTask,
            async _ =>
            {
                // Older versions of kubectl take a condition of before the change for an answer.
                var updated = await instance.WaitUntilReadyAsync();
                updated.Status!.Image!.ShouldContain("20260301_120000");
                // The database is looked at beside the passes.
                await instance.WaitForAsync(now => now.Status!.Database?.Revision == "add_a2a_tasks", "the revision of the newer image");
                await AnotherPodAsync(instance);
            },
        ],
        ["2.5"] = [_ => Task.CompletedTask, _ => Task.CompletedTask, async printed => (await BackupAsync(instance, "database-", printed)).Rows.ShouldNotBeNull().ShouldBePositive()],
        ["3.1"] = [printed => Prints(printed, "nobody has written yet"), async _ => await ServesAsync(instance, Alice, Bob)],
        ["3.2"] =
        [
            async _ => await ServesAsync(instance, Alice),
            printed => Task.Run(() => DateTimeOffset.Parse(printed.Split('\n')[^1], CultureInfo.InvariantCulture).ShouldBeGreaterThan(_started)),
        ],
        ["3.3"] = [printed => Prints(printed, "Spec", $"[{Alice}]"), printed => Prints(printed, $"{Alice}\tAlice")],
        ["3.4"] = [async _ => await StateAsync(instance, state => (string?)state["names"]?[$"{Alice}"] == "Alice the elder")],
        ["4.1"] = [async _ => await StateAsync(instance, state => state.ToJsonString().Contains(Digest("sk-or-rotated"), StringComparison.Ordinal))],
        ["4.2"] =
        [
            async _ =>
            {
                await instance.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.ActivePoller(OtherBot) is not null), "the other bot to be polled");
                Bed.Cluster.Telegram.ActivePoller(Bot).ShouldBeNull();
                await RunningAsync(instance);
            },
            async _ =>
            {
                await instance.WaitForAsync(ConditionTypes.AppHealthy, "True", "WebOnly");
                await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(Bot)));
                await instance.WaitForAsync(ConditionTypes.AppHealthy, "True", "Polling");
                await RunningAsync(instance);
                _keys = (await instance.StateAsync())["environment"]!.DeepClone();
            },
        ],
        ["4.3"] =
        [
            _ => Task.CompletedTask,
            async printed =>
            {
                printed.ShouldContain("\"push_subscriptions\":\"0\"");
                await StateAsync(instance, state => !IsAsBefore(state, "VAPID_PRIVATE_KEY") && !IsAsBefore(state, "VAPID_PUBLIC_KEY") && IsAsBefore(state, "SESSION_SECRET_KEY"));
            },
            _ => Task.CompletedTask,
            async _ => await StateAsync(instance, state => !IsAsBefore(state, "SESSION_SECRET_KEY")),
        ],
        ["4.4"] = [async _ => await StateAsync(instance, state => state.ToJsonString().Contains(Digest("a new password"), StringComparison.Ordinal))],
        ["4.5"] =
        [
            printed =>
            {
                printed.ShouldNotContain("sk-or-rotated");
                return Prints(printed, "OPENROUTER_API_KEY", "TELEGRAM_BOT_TOKEN");
            },
        ],
        ["4.6"] =
        [
            _ => Task.CompletedTask,
            _ => Task.CompletedTask,
            _ => Task.CompletedTask,
            async printed =>
            {
                printed.ShouldEndWith("configuration.json secrets.json.gpg");
                await BackupAsync(instance, "secrets-", printed);
            },
        ],
        ["7.1"] =
        [
            async _ => await StateAsync(instance, state => state["environment"]!["DEBUG_LLM_MESSAGES"] is not null),
            async _ => await StateAsync(instance, state => state["environment"]!["DEBUG_LLM_MESSAGES"] is null),
        ],
        ["7.2"] = [printed => Prints(printed, "ClaimHeld", $"telegram-bot-{Bot}"), printed => Prints(printed, "Telegram polling starts")],
        ["8.1"] = [_ => Task.CompletedTask, _ => AnotherPodAsync(instance)],
        ["8.5"] =
        [
            _ => Task.CompletedTask,
            async printed =>
            {
                printed.ShouldContain("restoreSeconds");
                var status = await BackupAsync(instance, "after-incident-", printed);
                status.Verified.ShouldNotBeNull().Rows.ShouldBe(status.Rows.ShouldNotBeNull());
            },
            printed => Prints(printed, "after-incident-", "stop-start-", "BackupsHealthy"),
        ],
    };

    /// <summary>The backup that the section made, which is completed.</summary>
    private async Task<BackupStatus> BackupAsync(TestInstance instance, string prefix, string printed)
    {
        printed.ShouldContain("condition met");
        var made = (await Bed.Objects.ListAsync(Kinds.Backup, instance.Namespace)).Single(backup => ((string)backup["metadata"]!["name"]!).StartsWith(prefix, StringComparison.Ordinal));
        return await new TestBackup(instance, (string)made["metadata"]!["name"]!).WaitUntilCompletedAsync();
    }

    private async Task RunningAsync(TestInstance instance)
    {
        await instance.WaitUntilReadyAsync();
        _pod = (await instance.PodAsync()).Metadata.Uid;
    }

    /// <summary>Not the one of the section before.</summary>
    private async Task AnotherPodAsync(TestInstance instance)
    {
        (await instance.PodAsync()).Metadata.Uid.ShouldNotBe(_pod);
        await RunningAsync(instance);
    }

    private Task ServesAsync(TestInstance instance, params long[] users) =>
        StateAsync(instance, state => state["allowedUsers"]!.AsArray().Select(user => user!.GetValue<long>()).SequenceEqual(users));

    /// <summary>Waits until the application says of itself what it should.</summary>
    private async Task StateAsync(TestInstance instance, Func<JsonObject, bool> holds)
    {
        await instance.WaitForAsync(
            async () =>
            {
                try
                {
                    return holds(await instance.StateAsync());
                }
                catch (Exception between) when (between is HttpRequestException or ShouldAssertException or UriFormatException)
                {
                    // One pod has ended and the next one does not answer yet.
                    return false;
                }
            },
            "the application to have what the section gave it");
        await RunningAsync(instance);
    }

    private bool IsAsBefore(JsonObject state, string key) => (string?)state["environment"]![key] == (string?)_keys[key];

    private static Task Prints(string printed, params string[] words)
    {
        words.ShouldAllBe(word => printed.Contains(word, StringComparison.Ordinal), printed);
        return Task.CompletedTask;
    }

    private static string Digest(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
