using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>
/// Two instances of one namespace, a StatefulSet controller, a kubelet, a garbage collector and people, all slow in any way. What a container got as its token it keeps
/// until it ends or is restarted.
/// </summary>
internal sealed class BotTown
{
    public static readonly string[] Names = ["a", "b"];
    private static readonly string[] Tokens = [TelegramWorld.Token, TelegramWorld.SameBot, TelegramWorld.OtherBot];
    private readonly Dictionary<string, string> _containers = [];

    public BotTown()
    {
        foreach (var name in Names)
        {
            PutInstance(name);
            SetToken(name, Tokens[0]);
        }
    }

    public FakeCluster Cluster { get; } = new();

    public FakeEvents Events { get; } = new();

    public static ObjectKey Key(string name) => InstanceWorld.Key(name);

    public void PutInstance(string name) => Cluster.Put(
        Kinds.Instance,
        $$"""
        {"metadata": {"name": "{{name}}", "namespace": "home", "finalizers": ["{{WireNames.InstanceFinalizer}}"]},
         "spec": {{InstanceWorld.Minimal.Replace("\"keys\"", $"\"keys-{name}\"", StringComparison.Ordinal)}} }
        """);

    /// <summary>A person does something.</summary>
    public void Meddle(Random random)
    {
        var name = Names[random.Next(Names.Length)];
        switch (random.Next(8))
        {
            case < 4:
                SetToken(name, Tokens[random.Next(Tokens.Length)]);
                break;
            case 4:
                SetToken(name, null);
                break;
            case 5 when Cluster.Look(Kinds.Instance, Key(name)) is { IsTerminating: false }:
                Delete(name);
                break;
            case 6 when Cluster.Look(Kinds.Instance, Key(name)) is null:
                PutInstance(name);
                break;
            case 7:
                // A container crashes and is started again from what is there now.
                foreach (var uid in _containers.Keys.ToArray())
                {
                    _containers.Remove(uid);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>One step of everything that is not the operator.</summary>
    public void Tick(Random random)
    {
        switch (random.Next(3))
        {
            case 0:
                Controller();
                break;
            case 1:
                Kubelet();
                break;
            default:
                Collect();
                break;
        }
    }

    /// <summary>Whatever happened: who polls a bot has its claim, and so has every fence with a token. This is what the design promises.</summary>
    public void Check()
    {
        foreach (var pod in Cluster.All(ResourceTypes.Pod, "home").Where(pod => _containers.ContainsKey(pod.Uid)))
        {
            var holder = Holder(_containers[pod.Uid]);
            holder.ShouldNotBeNull($"pod {pod.Key.Name} polls {_containers[pod.Uid]}");
            holder.Name.ShouldBe(pod.Labels[WireNames.InstanceLabel]);
        }

        foreach (var name in Names)
        {
            // By name: pods of one name are never there twice, so a claim may go from an earlier instance of a name to its successor while the fence of before is still there.
            if (Fence.Of(Cluster.Look(ResourceTypes.Secret, FenceOf(name))) is { Token: { } token })
            {
                Holder(Encoding.UTF8.GetString(token))?.Instance.ShouldBe(Key(name), $"the fence of {name} holds {Encoding.UTF8.GetString(token)}");
                Holder(Encoding.UTF8.GetString(token)).ShouldNotBeNull($"the fence of {name} holds {Encoding.UTF8.GetString(token)}");
            }
        }
    }

    /// <summary>What a leader does in one pass, with its caches as they are when it begins.</summary>
    public async Task PassAsync(string name, Func<Task> turn)
    {
        var photo = new Photo(Cluster);
        var api = new SteppedApi(Cluster, turn);
        var step = new TelegramStep(new TelegramOptions(InstanceWorld.OperatorNamespace, false), new TelegramWaiters(), photo, api, new FakeConflictMonitor(), Events);
        if (photo[Kinds.Instance].Get(Key(name)) is not { } source)
        {
            await step.ReapAsync(Key(name), CancellationToken.None);
            return;
        }

        var pass = PassOf(source, photo);
        if (source.IsTerminating)
        {
            await new Finalization(api, step, new ProcedureLock(api, photo, []), Events).ExecuteAsync(pass, CancellationToken.None);
            return;
        }

        var outcome = await step.ExecuteAsync(pass, CancellationToken.None);
        await turn();
        if (outcome is StepOutcome.Settled)
        {
            Scale(source, 1);
        }
        else if (outcome.StopsBecause is not null && Cluster.Look(ResourceTypes.StatefulSet, Key(name)) is { } set && set.ControllerUid == source.Uid)
        {
            Scale(source, 0);
        }
    }

    /// <summary>Passes and ticks until nothing changes any more.</summary>
    public async Task SettleAsync()
    {
        for (var (round, quiet) = (0, 0); quiet < 2; round++)
        {
            round.ShouldBeLessThan(60, "it comes to rest");
            var before = Version;
            foreach (var name in Names)
            {
                await AnswerAsync(name);
            }

            Controller();
            Kubelet();
            Collect();
            Check();
            quiet = before == Version ? quiet + 1 : 0;
        }
    }

    /// <summary>A pass that nothing disturbs.</summary>
    public async Task AnswerAsync(string name)
    {
        try
        {
            await PassAsync(name, () => Task.CompletedTask);
        }
        catch (ClusterApiException)
        {
            // Comes again.
        }

        Check();
    }

    /// <summary>The workload is scaled down and its pods end.</summary>
    public void End(string name)
    {
        if (Cluster.Look(ResourceTypes.StatefulSet, Key(name)) is not null)
        {
            Cluster.Edit(ResourceTypes.StatefulSet, Key(name), """{"spec": {"replicas": 0} }""");
        }

        for (var tick = 0; tick < 2; tick++)
        {
            Controller();
            Kubelet();
        }

        Controller();
    }

    public void Delete(string name) => Cluster.Edit(Kinds.Instance, Key(name), """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}}""");

    /// <summary>Names of the instances that poll a bot.</summary>
    public IReadOnlyList<string> PollersOf(string bot) =>
        [.. Cluster.All(ResourceTypes.Pod, "home").Where(pod => _containers.TryGetValue(pod.Uid, out var token) && token.StartsWith(bot + ":", StringComparison.Ordinal)).Select(pod => pod.Labels[WireNames.InstanceLabel])];

    public string? TokenOf(string name) =>
        Cluster.LookJson(ResourceTypes.Secret, InstanceWorld.Key($"keys-{name}"))?["data"]?["TELEGRAM_BOT_TOKEN"]?.GetValue<string>() is { } value ? Encoding.UTF8.GetString(Convert.FromBase64String(value)) : null;

    public void SetToken(string name, string? token) => Cluster.Put(
        ResourceTypes.Secret,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"keys-{name}", ["namespace"] = "home" },
            ["data"] = token is null ? new JsonObject() : new JsonObject { ["TELEGRAM_BOT_TOKEN"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(token)) },
        });

    /// <summary>Changes with every write of anybody.</summary>
    private string Version => string.Join(' ', ((ResourceType[])[Kinds.Instance, ResourceTypes.Lease, ResourceTypes.Secret, ResourceTypes.StatefulSet, ResourceTypes.Pod])
        .SelectMany(type => Cluster.All(type, "")).Select(found => found.ResourceVersion)) + _containers.Count;

    private static ObjectKey FenceOf(string name) => InstanceWorld.Key($"{name}-telegram");

    private ClaimHolder? Holder(string token) => BotClaim.Of(Cluster.Look(ResourceTypes.Lease, TelegramWorld.Lease(token.Split(':')[0])))?.Holder;

    private InstancePass PassOf(ClusterObject source, Photo photo)
    {
        var instance = source.Read(ApiJsonContext.Default.FamilyAssistantInstance);
        return new InstancePass
        {
            Source = source,
            Instance = instance,
            Observed = new ObservedObjects(photo, source.Key),
            Objects = new InstanceObjects(new FakeOwnedObjects(Cluster), Events, source, paused: false, adopt: false),
            Now = new DateTimeOffset(2026, 11, 23, 12, 0, 1, TimeSpan.Zero),
        };
    }

    /// <summary>As server-side apply does it: it asks for no version.</summary>
    private void Scale(ClusterObject owner, int replicas)
    {
        var key = owner.Key;
        if (Cluster.Look(ResourceTypes.StatefulSet, key) is null)
        {
            Cluster.Put(ResourceTypes.StatefulSet, $$"""
                {"metadata": {"name": "{{key.Name}}", "namespace": "home", "labels": {"{{WireNames.InstanceLabel}}": "{{key.Name}}", "{{WireNames.ManagedByLabel}}": "{{WireNames.ManagedByValue}}"},
                 "ownerReferences": [{"apiVersion": "v1", "kind": "F", "name": "{{key.Name}}", "uid": "{{owner.Uid}}", "controller": true}]}, "spec": {"replicas": {{replicas}} } }
                """);
        }
        else if (Cluster.LookJson(ResourceTypes.StatefulSet, key)!["spec"]!["replicas"]!.GetValue<int>() != replicas)
        {
            Cluster.Edit(ResourceTypes.StatefulSet, key, $$$"""{"spec": {"replicas": {{{replicas}}} } }""");
        }
    }

    /// <summary>Makes and ends pods; a pod of a name is made only when the one before is gone.</summary>
    private void Controller()
    {
        foreach (var name in Names)
        {
            var set = Cluster.LookJson(ResourceTypes.StatefulSet, Key(name));
            var wanted = set?["spec"]!["replicas"]!.GetValue<int>() ?? 0;
            var pod = Cluster.Look(ResourceTypes.Pod, Key($"{name}-0"));
            if (pod is null && wanted > 0)
            {
                Cluster.Put(ResourceTypes.Pod, $$"""
                    {"metadata": {"name": "{{name}}-0", "namespace": "home", "labels": {"{{WireNames.InstanceLabel}}": "{{name}}", "{{WireNames.ManagedByLabel}}": "{{WireNames.ManagedByValue}}", "{{WireNames.ComponentLabel}}": "app"} },
                     "spec": {"containers": [{"name": "family-assistant"}]}, "status": {"phase": "Running"} }
                    """);
            }
            else if (pod is { IsTerminating: false } && wanted == 0)
            {
                Cluster.Edit(ResourceTypes.Pod, pod.Key, """{"metadata": {"finalizers": ["kubelet"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
            }

            var count = Cluster.Look(ResourceTypes.Pod, Key($"{name}-0")) is null ? 0 : 1;
            if (set is not null && (set["status"]?["replicas"]?.GetValue<int>() != count || set["status"]!["observedGeneration"]!.GetValue<long>() != set["metadata"]!["generation"]!.GetValue<long>()))
            {
                Cluster.Edit(ResourceTypes.StatefulSet, Key(name), $$$"""{"status": {"observedGeneration": {{{set["metadata"]!["generation"]}}}, "replicas": {{{count}}} } }""");
            }
        }
    }

    /// <summary>Starts containers with what the fence holds now, and removes pods that ended. Without a fence no container starts.</summary>
    private void Kubelet()
    {
        foreach (var pod in Cluster.All(ResourceTypes.Pod, "home"))
        {
            if (pod.IsTerminating)
            {
                _containers.Remove(pod.Uid);
                Cluster.Drop(ResourceTypes.Pod, pod.Key);
            }
            else if (!_containers.ContainsKey(pod.Uid) && Fence.Of(Cluster.Look(ResourceTypes.Secret, FenceOf(pod.Labels[WireNames.InstanceLabel]))) is { Token: { } token })
            {
                _containers[pod.Uid] = Encoding.UTF8.GetString(token);
            }
        }
    }

    private void Collect()
    {
        foreach (var found in Cluster.All(ResourceTypes.StatefulSet, "home").Concat(Cluster.All(ResourceTypes.Secret, "home")).Where(found => found.ControllerUid is not null))
        {
            if (Cluster.All(Kinds.Instance, "home").All(instance => instance.Uid != found.ControllerUid))
            {
                Cluster.Drop(found.Type, found.Key);
            }
        }
    }
}
