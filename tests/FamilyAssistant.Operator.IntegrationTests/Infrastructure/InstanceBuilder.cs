using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.Runtime.Cluster;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Describes an instance and the objects that it names; every change returns the builder.</summary>
public sealed class InstanceBuilder
{
    /// <summary>The image that instances run unless a test says otherwise.</summary>
    public const string Image = "ghcr.io/werdnum/family-assistant:20260222_031455";

    /// <summary>Name of the Secret that <c>spec.secretRef</c> names.</summary>
    public const string KeysSecret = "family-assistant-keys";

    /// <summary>Name of the Secret with the credentials of an external database.</summary>
    public const string DatabaseSecret = "family-assistant-db";

    private readonly Dictionary<string, Dictionary<string, string>> _secrets = new() { [KeysSecret] = new() { ["OPENROUTER_API_KEY"] = "sk-or-of-a-test" } };
    private readonly Dictionary<string, Dictionary<string, string>> _configMaps = [];

    private InstanceBuilder(JsonObject database)
    {
        Manifest = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "home" },
            ["spec"] = new JsonObject
            {
                ["image"] = Image,
                ["secretRef"] = new JsonObject { ["name"] = KeysSecret },
                ["storage"] = new JsonObject { ["size"] = "1Gi" },
                ["database"] = database,
            },
        };
    }

    /// <summary>The object as it will be sent.</summary>
    public JsonObject Manifest { get; }

    /// <summary>Name of the instance; <c>home</c> unless changed.</summary>
    public string Name => Manifest["metadata"]!["name"]!.GetValue<string>();

    /// <summary>With a PostgreSQL of its own.</summary>
    public static InstanceBuilder Managed() => new(new JsonObject { ["managed"] = new JsonObject { ["storage"] = "1Gi" } });

    /// <summary>With a database of the PostgreSQL outside the cluster.</summary>
    public static InstanceBuilder External(ExternalDatabase database) =>
        External(database.Server.Host, database.Server.Port, database.Name).WithSecret(DatabaseSecret, ("username", database.Name), ("password", database.Password));

    /// <summary>With a database that need not be there; its Secret is made only by <see cref="WithSecret"/>.</summary>
    public static InstanceBuilder External(string host, int port, string name) => new(new JsonObject
    {
        ["external"] = new JsonObject { ["host"] = host, ["port"] = port, ["name"] = name, ["credentialsSecretRef"] = new JsonObject { ["name"] = DatabaseSecret } },
    });

    /// <summary>An instance whose database answers nothing: it stays at the database's gate and needs no pod.</summary>
    public static InstanceBuilder Nowhere() => External("127.0.0.1", 1, $"nowhere_{Guid.NewGuid():N}").WithSecret(DatabaseSecret, ("username", "nobody"), ("password", "nothing"));

    /// <summary>Another name.</summary>
    public InstanceBuilder Named(string name)
    {
        Manifest["metadata"]!["name"] = name;
        return this;
    }

    /// <summary>An annotation of the instance.</summary>
    public InstanceBuilder Annotated(string key, string value)
    {
        Manifest["metadata"]!.AsObject().TryAdd("annotations", new JsonObject());
        Manifest["metadata"]!["annotations"]![key] = value;
        return this;
    }

    /// <summary>Sets a field of the spec, named by its path below spec, for example <c>database.external.host</c>; null removes it.</summary>
    public InstanceBuilder With(string path, JsonNode? value)
    {
        Set(Manifest["spec"]!.AsObject(), path, value);
        return this;
    }

    /// <summary>A bot: a token in the Secret and one allowed user.</summary>
    public InstanceBuilder WithBot(long botId) => WithSecret(KeysSecret, ("TELEGRAM_BOT_TOKEN", TokenOf(botId)))
        .With("telegram.allowedUsers", new JsonArray(new JsonObject { ["id"] = 4711, ["name"] = "Alice" }));

    /// <summary>Keys of a Secret beside those that it has.</summary>
    public InstanceBuilder WithSecret(string name, params (string Key, string Value)[] data) => Add(_secrets, name, data);

    /// <summary>Keys of a ConfigMap beside those that it has.</summary>
    public InstanceBuilder WithConfigMap(string name, params (string Key, string Value)[] data) => Add(_configMaps, name, data);

    /// <summary>Without a Secret that it would have.</summary>
    public InstanceBuilder WithoutSecret(string name)
    {
        _secrets.Remove(name);
        return this;
    }

    /// <summary>A well-formed token of a bot.</summary>
    public static string TokenOf(long botId) => string.Create(CultureInfo.InvariantCulture, $"{botId}:AAFakeFakeFakeFakeFakeFakeFakeFakeF");

    /// <summary>Sets a field by its path; objects on the way are made, <c>[0]</c> goes into a list.</summary>
    internal static void Set(JsonObject root, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        var node = root;
        foreach (var part in parts[..^1])
        {
            node.TryAdd(part, new JsonObject());
            node = node[part]!.AsObject();
        }

        if (value is null)
        {
            node.Remove(parts[^1]);
        }
        else
        {
            node[parts[^1]] = value;
        }
    }

    /// <summary>Makes the Secrets and ConfigMaps.</summary>
    internal async Task CreateObjectsAsync(TestBed bed, string ns)
    {
        foreach (var (name, data) in _secrets)
        {
            await bed.Objects.CreateAsync(ResourceTypes.Secret, ns, Content(name, "stringData", data));
        }

        foreach (var (name, data) in _configMaps)
        {
            await bed.Objects.CreateAsync(ResourceTypes.ConfigMap, ns, Content(name, "data", data));
        }
    }

    private InstanceBuilder Add(Dictionary<string, Dictionary<string, string>> objects, string name, (string Key, string Value)[] data)
    {
        objects.TryAdd(name, []);
        foreach (var (key, value) in data)
        {
            objects[name][key] = value;
        }

        return this;
    }

    private static JsonObject Content(string name, string field, Dictionary<string, string> data) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        [field] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
    };
}

/// <summary>A database of one test on the PostgreSQL outside the cluster; its owner has the same name.</summary>
public sealed record ExternalDatabase(PostgresServer Server, string Name, string Password)
{
    /// <summary>All that has a meaning in a URL, in SQL or in a shell.</summary>
    private const string NastyPassword = "p@ss/w:o?r#d%41'\"\\ &+$(id)";

    /// <summary>Makes it.</summary>
    public static async Task<ExternalDatabase> CreateAsync(TestBed bed, bool withVector = true)
    {
        var name = $"fa_{Guid.NewGuid().ToString("N")[..12]}";
        await bed.Cluster.Postgres.CreateDatabaseAsync(name, name, NastyPassword, withVector, TestContext.Current.CancellationToken);
        return new ExternalDatabase(bed.Cluster.Postgres, name, NastyPassword);
    }

    /// <summary>The first column of the first row, as superuser.</summary>
    public Task<T?> ScalarAsync<T>(string sql) => Server.ScalarAsync<T>(sql, Name, TestContext.Current.CancellationToken);
}
