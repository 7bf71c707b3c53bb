using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// What is secret stands in Secrets and nowhere else: not in what the operator logs at its most talkative, tells in status, events and metrics, writes into other objects, or sends to the API
/// server at any time. Through a life with its faults: refused and failed writes of Secrets, wrong credentials, an application that quotes its token.
/// </summary>
public sealed class CanaryTests(ClusterFixture fixture)
{
    private const string Keys = InstanceBuilder.KeysSecret;
    private const string Database = InstanceBuilder.DatabaseSecret;
    private const long Bot = 4950;

    private readonly Canaries _canaries = new();

    [Fact]
    public async Task A_secret_is_found_nowhere_but_in_Secrets()
    {
        fixture.Require(server => server is { IsOwned: true, RunsPods: true }, "it needs a Bot API and a database of its own");
        TestsThatRan.AddCurrent();
        await using var cluster = await ClusterFixture.StartClusterAsync(new LocalClusterOptions());
        await using var bed = await TestBed.PrepareAsync(cluster);
        await using var ns = await bed.CreateNamespaceAsync();
        await using var gate = await WriteGate.StartAsync(cluster.Access, cluster.DataDirectory, ns.Name);
        gate.Sent = new ConcurrentQueue<GateRequest>();
        await using var process = await StartAsync(bed, gate, "talkative");

        var database = await ExternalDatabase.CreateAsync(bed);
        gate.Refuse = new SecretFaults().Next;
        var instance = await bed.CreateAsync(ns, Described(database));
        await ReadyInTheEndAsync(instance);
        gate.Refuse = _ => null;
        await _canaries.AddAllAsync(bed, ns);

        await GoThroughFaultsAsync(instance, database);
        await using var successor = await ConflictAsync(instance, process, gate);
        await BackUpAsync(instance);
        await ManagedAsync(bed, ns);
        await RotateAsync(instance);
        await _canaries.AddAllAsync(bed, ns);

        var said = await instance.EverythingSaidAsync();
        var metrics = await successor.MetricsAsync();
        await instance.DeleteAsync();
        await instance.WaitUntilGoneAsync();

        _canaries.Count.ShouldBeGreaterThan(15);
        _canaries.In(string.Join('\n', gate.Sent.Where(request => request.IsOfSecrets).Select(request => request.Body))).ShouldNotBeEmpty("the search finds what is there");
        gate.Sent.Where(request => !request.IsOfSecrets).SelectMany(request => _canaries.In(request.Body).Select(name => $"{name} in {request.Method} {request.Path}")).ShouldBeEmpty();
        _canaries.In(said).ShouldBeEmpty("objects, events and log");
        var log = await process.LogTailAsync(int.MaxValue) + await successor.LogTailAsync(int.MaxValue);
        log.ShouldContain("\"@l\":\"Debug\"");
        _canaries.In(log).ShouldBeEmpty("log");
        _canaries.In(metrics).ShouldBeEmpty("metrics");

        // Who started them ends them.
        bed.Operator = null;
    }

    private static async Task<OperatorProcess> StartAsync(TestBed bed, WriteGate gate, string identity)
    {
        var process = await OperatorProcess.StartAsync(
            bed.Cluster, identity, OperatorNames.Namespace, gate, ("LOG_LEVEL", "Debug"), ("LEADER_ELECTION", "false"), ("TELEGRAM_LOG_INTERVAL", "10s"));
        bed.Operator = process;
        return process;
    }

    private static InstanceBuilder Described(ExternalDatabase database) => InstanceBuilder.External(database).WithBot(Bot)
        .WithSecret(
            Keys,
            ("TELEGRAM_BOT_TOKEN", Token('A')),
            ("OPENROUTER_API_KEY", "sk-or-canary-7d1f"),
            ("ANTHROPIC_API_KEY", "sk-ant-canary-0b52"),
            ("CALDAV_PASSWORD", "canary caldav & 100% \"quoted\""),
            ("HOMEASSISTANT_API_KEY", "canary.home/assistant+key=="),
            ("OIDC_CLIENT_SECRET", "canary-oidc-ключ"))
        .WithSecret("more", ("value", "canary-of-spec-env"))
        .With("env", JsonNode.Parse("""[{"name":"EXTRA","valueFrom":{"secretKeyRef":{"name":"more","key":"value"}}}]"""));

    private static string Token(char letter) => $"{Bot}:AAcanary{new string(letter, 27)}";

    /// <summary>What the server calls invalid is not tried again before something changes: so something does.</summary>
    private static async Task ReadyInTheEndAsync(TestInstance instance)
    {
        var changes = 0;
        await instance.WaitForAsync(
            async () =>
            {
                await instance.AnnotateAsync("example.com/changes", $"{changes++}");
                return TestInstance.Of(await instance.ReadAsync(), ConditionTypes.Ready)?.Status == "True";
            },
            "Ready in the end");
    }

    /// <summary>Each fault is told, and mended.</summary>
    private async Task GoThroughFaultsAsync(TestInstance instance, ExternalDatabase database)
    {
        async Task FaultAsync(string secret, string key, string wrong, string condition, string reason, string? right)
        {
            await SetAsync(instance, secret, key, wrong);
            await instance.WaitForAsync(condition, "False", reason);
            await instance.SetSecretAsync(secret, (key, right));
            await instance.WaitUntilReadyAsync();
        }

        await FaultAsync(Database, "password", "canary-wrong p@ssword/%41", ConditionTypes.DatabaseReady, "AuthenticationFailed", database.Password);
        await FaultAsync(Database, "password", "canary-with-line-break\n", ConditionTypes.DatabaseReady, "InvalidCredentials", database.Password);
        await FaultAsync(Keys, "TELEGRAM_BOT_TOKEN", "canary-that-is-no-token", ConditionTypes.SecretsValid, "InvalidToken", Token('A'));
        await FaultAsync(Keys, "TELEGRAM_BOT_TOKEN", Token('B') + "\n", ConditionTypes.SecretsValid, "InvalidToken", Token('A'));
        await FaultAsync(Keys, "VAPID_PRIVATE_KEY", "canary-vapid-without-its-half", ConditionTypes.SecretsValid, "InvalidKeyPair", right: null);
        await FaultAsync(Keys, "key-canary", "canary-under-no-name", ConditionTypes.SecretsValid, "InvalidKey", right: null);
    }

    /// <summary>
    /// The application's log quotes what it should not; nobody else polls this bot in this cluster. The operator dies meanwhile, and its successor goes on telling the same.
    /// </summary>
    private static async Task<OperatorProcess> ConflictAsync(TestInstance instance, OperatorProcess process, WriteGate gate)
    {
        var telegram = instance.Bed.Cluster.Telegram;
        telegram.ConflictWords = $"Conflict: terminated by other getUpdates request of /bot{Token('A')}/getUpdates, {Token('A').Split(':')[1]} with sk-ant-canary-0b52";
        OperatorProcess successor;
        await using (telegram.StartForeignPoller(Token('A')))
        {
            var seen = await instance.WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ConflictOutside");
            TestInstance.Of(seen, ConditionTypes.TelegramExclusive)!.Message.ShouldContain("[redacted]");
            await instance.WaitForAsync(ConditionTypes.AppHealthy, "False", "TelegramConflict");
            (await process.MetricsAsync()).ShouldContain($"family_assistant_telegram_conflict{{namespace=\"{instance.Namespace}\",name=\"{instance.Name}\"}} 1");

            process.Kill();
            successor = await StartAsync(instance.Bed, gate, "successor");
            await instance.WaitForAsync(
                async () => (await successor.MetricsAsync()).Contains($"family_assistant_telegram_conflict{{namespace=\"{instance.Namespace}\",name=\"{instance.Name}\"}} 1", StringComparison.Ordinal),
                "the successor to know of the conflict");
            TestInstance.Of(await instance.ReadAsync(), ConditionTypes.TelegramExclusive).ShouldBe(TestInstance.Of(seen, ConditionTypes.TelegramExclusive));
        }

        await instance.WaitUntilReadyAsync();
        await instance.WaitForEventAsync("TelegramConflictOver");
        return successor;
    }

    /// <summary>A set with every Secret in it; the input of its Job is a Secret too.</summary>
    private static async Task BackUpAsync(TestInstance instance)
    {
        await TestBackup.CreateClaimAsync(instance.Bed, instance.Namespace);
        await instance.CreateSecretAsync("passphrase", ("passphrase", "canary of the passphrase"));
        await instance.SetAsync("backup", new JsonObject
        {
            ["include"] = new JsonArray("Database", "Files", "Configuration", "Secrets"),
            ["encryption"] = new JsonObject { ["passphraseSecretRef"] = new JsonObject { ["name"] = "passphrase" } },
            ["volume"] = new JsonObject { ["existingClaim"] = TestBackup.Claim },
        });
        var backup = await TestBackup.CreateAsync(instance, "night");
        await backup.WaitUntilCompletedAsync();
        await backup.WaitUntilTidyAsync();
    }

    /// <summary>Everything that can be rotated: a key by rollout, the token by stop and start, the generated ones by operation.</summary>
    private async Task RotateAsync(TestInstance instance)
    {
        await SetAsync(instance, Keys, "OPENROUTER_API_KEY", "sk-or-canary-of-the-rollout");
        await instance.WaitForEventAsync("ConfigurationRolledOut");
        await instance.WaitUntilReadyAsync();
        var before = instance.Bed.Cluster.Telegram.Pollers(Bot).Count;
        instance.Bed.Cluster.Telegram.Register(Token('C'));
        await SetAsync(instance, Keys, "TELEGRAM_BOT_TOKEN", Token('C'));
        await instance.WaitForAsync(() => Task.FromResult(instance.Bed.Cluster.Telegram.Pollers(Bot).Count > before), "a poll with the new token");
        await instance.WaitUntilReadyAsync();
        foreach (var action in new[] { "RotateSessionSecret", "RotateVapidKeys" })
        {
            await OperateAsync(instance, action);
            await instance.WaitUntilReadyAsync();
        }
    }

    private static async Task OperateAsync(TestInstance instance, string action)
    {
        var name = action.ToLowerInvariant();
        await instance.Bed.Objects.CreateAsync(Kinds.Operation, instance.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["instanceRef"] = new JsonObject { ["name"] = instance.Name }, ["action"] = action },
        });
        await instance.WaitForAsync(async () => (string?)(await instance.Bed.Objects.GetAsync(Kinds.Operation, instance.Namespace, name))["status"]?["phase"] == "Succeeded", $"the end of {action}");
    }

    /// <summary>Its password is made; that its server cannot be reached from here does not matter.</summary>
    private async Task ManagedAsync(TestBed bed, TestNamespace ns)
    {
        var managed = await bed.CreateAsync(ns, InstanceBuilder.Managed().Named("own").WithoutSecret(Keys).With("secretRef", null).With("replicas", 0));
        await managed.WaitForEventAsync("DatabasePasswordGenerated");
        await managed.WaitForAsync(ConditionTypes.DatabaseReady, "False");
        await _canaries.AddAllAsync(bed, ns);
    }

    private async Task SetAsync(TestInstance instance, string secret, string key, string value)
    {
        _canaries.Add($"{secret}.{key}", value);
        await instance.SetSecretAsync(secret, (key, value));
    }

    /// <summary>The first writes of Secrets fail in all the ways in which an API server may repeat what it was sent.</summary>
    private sealed class SecretFaults
    {
        private int _writes;

        public (int Code, string Text)? Next(GateRequest request)
        {
            if (!request.IsOfSecrets || request.Body.Length == 0)
            {
                return null;
            }

            return Interlocked.Increment(ref _writes) switch
            {
                1 => (422, Status(422, "Invalid", request.Body)),
                2 => (500, Status(500, "InternalError", request.Body)),
                3 => (400, Status(400, "BadRequest", $"cannot unmarshal: {request.Body}")),
                4 => (403, Status(403, "Forbidden", $"admission webhook denied: {request.Body}")),
                5 => (502, request.Body),
                _ => null,
            };
        }

        private static string Status(int code, string reason, string message) =>
            new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["code"] = code, ["reason"] = reason, ["message"] = message }.ToJsonString();
    }
}
