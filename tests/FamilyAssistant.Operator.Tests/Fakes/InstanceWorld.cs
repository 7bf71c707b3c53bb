using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Api;
using Microsoft.Extensions.Time.Testing;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>One instance <c>home/fa</c> in a fake cluster, and passes over it.</summary>
internal sealed class InstanceWorld
{
    public const string Namespace = "home";
    public const string Name = "fa";
    public const string OperatorNamespace = "operators";
    public const string Token = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI";

    /// <summary>A small valid spec with a token and an external database.</summary>
    public const string Minimal = """
        {
          "image": "ghcr.io/werdnum/family-assistant:20260222_031455",
          "secretRef": {"name": "keys"},
          "telegram": {"allowedUsers": [{"id": 123456789, "name": "Alice"}]},
          "database": {"external": {"host": "postgres.example.com", "name": "mlbot", "credentialsSecretRef": {"name": "db"}}}
        }
        """;

    public InstanceWorld(string spec = Minimal, params (string Path, string Json)[] edits)
    {
        Cluster.Put(Kinds.Instance, $$"""{"metadata": {"name": "{{Name}}", "namespace": "{{Namespace}}", "finalizers": ["{{WireNames.InstanceFinalizer}}"]}, "spec": {{spec}}}""");
        EditSpec(edits);
    }

    public FakeCluster Cluster { get; } = new();

    public FakeEvents Events { get; } = new();

    public FakeConflictMonitor Conflicts { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public static ObjectKey Key(string name) => new(Namespace, name);

    /// <summary>Edits of the spec, as <see cref="Specs.Set"/> does them.</summary>
    public void EditSpec(params (string Path, string Json)[] edits)
    {
        var instance = Cluster.LookJson(Kinds.Instance, Key(Name))!;
        foreach (var (path, json) in edits)
        {
            Specs.Set(instance["spec"]!.AsObject(), path, JsonNode.Parse(json));
        }

        Cluster.Put(Kinds.Instance, instance);
    }

    public void Annotate(string annotation, string value = "true") =>
        Cluster.Edit(Kinds.Instance, Key(Name), $$$"""{"metadata": {"annotations": {"{{{annotation}}}": "{{{value}}}"} } }""");

    public ClusterObject Secret(string name, params (string Key, string Value)[] data) =>
        Cluster.Put(ResourceTypes.Secret, new JsonObject { ["metadata"] = Metadata(name), ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Base64(entry.Value)))) });

    public ClusterObject ConfigMap(string name, params (string Key, string Value)[] data) =>
        Cluster.Put(ResourceTypes.ConfigMap, new JsonObject { ["metadata"] = Metadata(name), ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))) });

    /// <summary>What the Secrets, Database and Telegram steps would have made.</summary>
    public InstanceWorld WithSecrets()
    {
        Secret("keys", ("TELEGRAM_BOT_TOKEN", Token), ("OPENROUTER_API_KEY", "sk-canary"));
        Generated();
        Secret(ObjectNames.TelegramSecret(Name), ("TELEGRAM_BOT_TOKEN", Token));
        Secret(ObjectNames.DatabaseSecret(Name), ("DATABASE_URL", "postgresql+asyncpg://fa:canary@postgres.example.com:5432/mlbot"));
        return this;
    }

    public void Generated()
    {
        Secret(
            ObjectNames.GeneratedSecret(Name),
            ("SESSION_SECRET_KEY", "5e55"),
            ("VAPID_PRIVATE_KEY", "private"),
            ("VAPID_PUBLIC_KEY", "public"),
            ("OPERATOR_HASH_KEY", "4a54"));
        Cluster.Edit(ResourceTypes.Secret, Key(ObjectNames.GeneratedSecret(Name)), OurLabels);
    }

    /// <summary>A merge patch that makes an object the instance's own by label.</summary>
    public static string OurLabels => $$$"""{"metadata": {"labels": {"{{{WireNames.ManagedByLabel}}}": "{{{WireNames.ManagedByValue}}}", "{{{WireNames.InstanceLabel}}}": "{{{Name}}}"} } }""";

    /// <summary>A step as a new process would have it.</summary>
    public TelegramStep TelegramStep(bool showHolders = false) => new(new TelegramOptions(OperatorNamespace, showHolders), new TelegramWaiters(), Cluster, Cluster, Conflicts, Events);

    public InstancePass Pass()
    {
        var source = Cluster[Kinds.Instance].Get(Key(Name))!;
        var instance = source.Read(ApiJsonContext.Default.FamilyAssistantInstance);
        var paused = PauseMark.IsOn(source);
        var adopt = source.Annotations.GetValueOrDefault(WireNames.AdoptAnnotation) == "true";
        return new InstancePass
        {
            Source = source,
            Instance = instance,
            Observed = new ObservedObjects(Cluster, source.Key),
            Objects = new InstanceObjects(new FakeOwnedObjects(Cluster), Events, source, paused, adopt) { WasReady = InstanceObjects.IsReady(instance.Status, source.Generation) },
            Now = Time.GetUtcNow(),
            Paused = paused,
            Adopt = adopt,
        };
    }

    private static JsonObject Metadata(string name) => new() { ["name"] = name, ["namespace"] = Namespace };

    private static string Base64(string value) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value));
}
