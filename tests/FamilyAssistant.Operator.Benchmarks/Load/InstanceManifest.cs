using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Benchmarks.World;
using FamilyAssistant.Operator.LocalCluster.Postgres;

namespace FamilyAssistant.Operator.Benchmarks.Load;

/// <summary>An instance as a family would write it: an external database, configuration files, a web address, no bot.</summary>
internal static class InstanceManifest
{
    /// <summary>Size of the data volume.</summary>
    public const string StorageSize = "20Gi";

    /// <summary>The application's image in a version.</summary>
    public static string Image(int version) => $"ghcr.io/werdnum/family-assistant:20260222_{version:000000}";

    /// <summary>The object.</summary>
    public static string Of(int instance, PostgresServer server) => new JsonObject
    {
        ["apiVersion"] = WireNames.ApiVersion,
        ["kind"] = "FamilyAssistantInstance",
        ["metadata"] = new JsonObject { ["name"] = InstanceNames.NameOf(instance) },
        ["spec"] = new JsonObject
        {
            ["image"] = Image(0),
            ["serverUrl"] = $"https://{InstanceNames.NameOf(instance)}.example.com",
            ["timezone"] = "Australia/Sydney",
            ["secretRef"] = Name(Surroundings.Keys),
            ["configRef"] = Name(Surroundings.Configuration),
            ["database"] = new JsonObject
            {
                ["external"] = new JsonObject
                {
                    ["host"] = server.Host,
                    ["port"] = server.Port,
                    ["name"] = Databases.NameOf(instance),
                    ["sslMode"] = "Require",
                    ["credentialsSecretRef"] = Name(Surroundings.Credentials),
                },
            },
            ["storage"] = new JsonObject { ["size"] = StorageSize, ["storageClassName"] = Surroundings.StorageClass },
            ["web"] = new JsonObject
            {
                ["host"] = $"{InstanceNames.NameOf(instance)}.example.com",
                ["ingressClassName"] = "nginx",
                ["tls"] = new JsonObject { ["secretName"] = "wildcard-tls" },
            },
            ["pod"] = new JsonObject
            {
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "512Mi" }, ["limits"] = new JsonObject { ["memory"] = "1Gi" } },
            },
        },
    }.ToJsonString();

    private static JsonObject Name(string name) => new() { ["name"] = name };
}
