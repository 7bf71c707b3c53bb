using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>The instance <c>home/fa</c> with a bot, its claim and its fence.</summary>
internal sealed class TelegramWorld
{
    public const string Bot = "123456";
    public const string Token = InstanceWorld.Token;
    public const string SameBot = "123456:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ";
    public const string OtherBot = "777:abcdefghijklmnopqrstuvwxyzABCDEFGHI";

    public static readonly ObjectKey FenceKey = InstanceWorld.Key("fa-telegram");

    public TelegramWorld(params (string Path, string Json)[] edits)
    {
        World = new InstanceWorld(InstanceWorld.Minimal, edits);
        SetSecret(("TELEGRAM_BOT_TOKEN", Token));
    }

    public InstanceWorld World { get; }

    public FakeCluster Cluster => World.Cluster;

    /// <summary>The token in the fence, or null.</summary>
    public string? Fenced => FencedValue("TELEGRAM_BOT_TOKEN");

    public static ObjectKey Lease(string bot) => new(InstanceWorld.OperatorNamespace, ObjectNames.BotClaim(bot));

    public string? FencedValue(string key) =>
        Cluster.LookJson(ResourceTypes.Secret, FenceKey)?["data"]?[key]?.GetValue<string>() is { } value ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(value)) : null;

    public string? Holder(string bot = Bot) => Cluster.LookJson(ResourceTypes.Lease, Lease(bot))?["spec"]?["holderIdentity"]?.GetValue<string>();

    public string Me => $"home/fa/{World.Pass().Source.Uid}";

    public void SetSecret(params (string Key, string Value)[] data) => World.Secret("keys", data);

    /// <summary>Another instance; null: one that is gone.</summary>
    public string PutOther(string @namespace, string name, bool exists = true)
    {
        var uid = exists
            ? Cluster.Put(Kinds.Instance, $$"""{"metadata": {"name": "{{name}}", "namespace": "{{@namespace}}"}, "spec": {{InstanceWorld.Minimal}} }""").Uid
            : "gone";
        return $"{@namespace}/{name}/{uid}";
    }

    public void PutClaim(string holder, string bot = Bot) => Cluster.Put(
        ResourceTypes.Lease,
        $$"""{"metadata": {"name": "{{ObjectNames.BotClaim(bot)}}", "namespace": "{{InstanceWorld.OperatorNamespace}}", "labels": {"{{WireNames.ClaimLabel}}": "{{WireNames.ClaimOfBot}}"} }, "spec": {"holderIdentity": "{{holder}}"} }""");

    /// <summary>The application's StatefulSet and, where it wants one, its pod.</summary>
    public void Run(int replicas = 1)
    {
        var uid = World.Pass().Source.Uid;
        Cluster.Put(ResourceTypes.StatefulSet, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "fa",
                ["namespace"] = InstanceWorld.Namespace,
                ["ownerReferences"] = JsonNode.Parse($$"""[{"apiVersion": "family-assistant.io/v1alpha1", "kind": "FamilyAssistantInstance", "name": "fa", "uid": "{{uid}}", "controller": true}]"""),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas },
            ["status"] = new JsonObject { ["observedGeneration"] = 1, ["replicas"] = replicas },
        });
        if (replicas > 0)
        {
            Pods.Put(World, Pods.Ready);
        }
    }

    /// <summary>What the StatefulSet controller and a kubelet do after the scaling to zero.</summary>
    public void End()
    {
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        Run(replicas: 0);
    }

    /// <summary>Each run is a new process: nothing may depend on memory.</summary>
    public async Task<StepOutcome> RunAsync(bool showHolders = false) =>
        await World.TelegramStep(showHolders).ExecuteAsync(World.Pass(), TestContext.Current.CancellationToken);

    /// <summary>Passes until the step has nothing to do at once.</summary>
    public async Task<StepOutcome> SettleAsync()
    {
        for (var run = 0; run < 6; run++)
        {
            if (await RunAsync() is not StepOutcome.Progressing { Reason: TelegramReasons.TokenChanged or TelegramReasons.Claiming, StopsBecause: null } outcome)
            {
                return await RunAsync();
            }
        }

        throw new InvalidOperationException("it does not settle");
    }
}
