using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Load;

/// <summary>What people bring along before an instance: namespaces, the Secrets and the ConfigMap that instances name, and volumes for their claims.</summary>
internal static class Surroundings
{
    /// <summary>Name of the Secret with the application's keys.</summary>
    public const string Keys = "keys";

    /// <summary>Name of the Secret with the database's role and password.</summary>
    public const string Credentials = "database-credentials";

    /// <summary>Name of the ConfigMap.</summary>
    public const string Configuration = "configuration";

    /// <summary>Storage class of claims; there is no provisioner, volumes are there already.</summary>
    public const string StorageClass = "bench";

    /// <summary>Creates all of it.</summary>
    public static async Task CreateAsync(ApiClient api, InstanceNames names, string password, CancellationToken ct)
    {
        foreach (var name in names.Namespaces)
        {
            await api.CreateAsync("/api/v1/namespaces", Object("v1", "Namespace", name, []), ct);
            await api.CreateAsync($"/api/v1/namespaces/{name}/secrets", Secret(Keys, ("OPENROUTER_API_KEY", "bench")), ct);
            await api.CreateAsync($"/api/v1/namespaces/{name}/secrets", Secret(Credentials, ("username", Databases.Role), ("password", password)), ct);
            var data = new JsonObject { ["config.yaml"] = "default_profile_settings: {}\n", ["prompts.yaml"] = "system_prompt: You are the assistant of this family.\n" };
            await api.CreateAsync($"/api/v1/namespaces/{name}/configmaps", Object("v1", "ConfigMap", Configuration, new JsonObject { ["data"] = data }), ct);
        }

        await Parallel.ForEachAsync(names.All, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (instance, token) =>
            await api.CreateAsync("/api/v1/persistentvolumes", Object("v1", "PersistentVolume", InstanceNames.NameOf(instance), new JsonObject { ["spec"] = Volume(names, instance) }), token));
    }

    private static string Secret(string name, params ReadOnlySpan<(string Key, string Value)> entries)
    {
        var data = new JsonObject();
        foreach (var (key, value) in entries)
        {
            data[key] = value;
        }

        return Object("v1", "Secret", name, new JsonObject { ["stringData"] = data });
    }

    /// <summary>Reserved for the claim of its instance, so that it is bound as soon as that exists.</summary>
    private static JsonObject Volume(InstanceNames names, int instance) => new()
    {
        ["storageClassName"] = StorageClass,
        ["accessModes"] = new JsonArray("ReadWriteOnce"),
        ["capacity"] = new JsonObject { ["storage"] = InstanceManifest.StorageSize },
        ["hostPath"] = new JsonObject { ["path"] = "/nonexistent" },
        ["persistentVolumeReclaimPolicy"] = "Retain",
        ["claimRef"] = new JsonObject { ["namespace"] = names.NamespaceOf(instance), ["name"] = ObjectNames.DataClaim(InstanceNames.NameOf(instance)) },
    };

    private static string Object(string apiVersion, string kind, string name, JsonObject content)
    {
        content["apiVersion"] = apiVersion;
        content["kind"] = kind;
        content["metadata"] = new JsonObject { ["name"] = name };
        return content.ToJsonString();
    }
}
