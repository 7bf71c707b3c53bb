using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster.TestData;
using k8s;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>All that must come back after a disaster.</summary>
/// <param name="Rows">Tables of the database.</param>
/// <param name="Files">Files of the data volume.</param>
/// <param name="Keys">Keys of the Secrets, as hashes of their values; nobody else sees them.</param>
/// <param name="Settings">The ConfigMap and the spec of the instance, as text.</param>
/// <param name="DatabaseBytes">Size of the database.</param>
/// <param name="FileBytes">Size of the files.</param>
internal sealed record DrillPicture(
    DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Keys, IReadOnlyDictionary<string, string> Settings, long DatabaseBytes, long FileBytes)
{
    /// <summary>Secrets whose content must be the same: what the user wrote, and the keys that the operator generated.</summary>
    private static readonly string[] Secrets = ["family-assistant-keys", $"{Drill.Instance}-generated"];

    public static async Task<DrillPicture> TakeAsync(Cluster cluster, string @namespace, string instance, CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        var connection = await ConnectionAsync(client, @namespace, instance, cancellation);
        var folder = DataFolder(cluster, @namespace, instance);
        var keys = new Dictionary<string, string>();
        foreach (var secret in (await client.CoreV1.ListNamespacedSecretAsync(@namespace, cancellationToken: cancellation)).Items.Where(secret => Secrets.Contains(secret.Metadata.Name)))
        {
            foreach (var (key, value) in secret.Data ?? new Dictionary<string, byte[]>())
            {
                keys[$"{secret.Metadata.Name}/{key}"] = Convert.ToHexStringLower(SHA256.HashData(value));
            }
        }

        return new DrillPicture(
            await DatabaseChecksums.ReadAsync(connection, cancellation),
            await FilesAsync(folder, cancellation),
            keys,
            await SettingsAsync(client, @namespace, instance, cancellation),
            await SizeAsync(connection, cancellation),
            new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
    }

    /// <summary>The database as the application itself reaches it, by its Service's address.</summary>
    public static async Task<string> ConnectionAsync(IKubernetes client, string @namespace, string instance, CancellationToken cancellation)
    {
        var secret = await client.CoreV1.ReadNamespacedSecretAsync($"{instance}-database", @namespace, cancellationToken: cancellation);
        var url = new Uri(Encoding.UTF8.GetString(secret.Data["DATABASE_URL"]));
        var service = await client.CoreV1.ReadNamespacedServiceAsync($"{instance}-postgres", @namespace, cancellationToken: cancellation);
        var user = url.UserInfo.Split(':').Select(Uri.UnescapeDataString).ToArray();
        return new NpgsqlConnectionStringBuilder
        {
            Host = service.Spec.ClusterIP, Port = url.Port, Username = user[0], Password = user[1], Database = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')), Pooling = false,
        }.ConnectionString;
    }

    /// <summary>The folder behind the data volume.</summary>
    public static string DataFolder(Cluster cluster, string @namespace, string instance) =>
        cluster.Node.VolumeFolder(@namespace, $"{instance}-data") ?? throw new InvalidOperationException($"the claim {instance}-data has no volume");

    private static async Task<IReadOnlyDictionary<string, string>> SettingsAsync(IKubernetes client, string @namespace, string instance, CancellationToken cancellation)
    {
        var settings = new Dictionary<string, string>();
        foreach (var map in (await client.CoreV1.ListNamespacedConfigMapAsync(@namespace, cancellationToken: cancellation)).Items.Where(map => map.Metadata.Name == "family-assistant-config"))
        {
            foreach (var (key, value) in map.Data)
            {
                settings[$"ConfigMap {map.Metadata.Name}/{key}"] = value;
            }
        }

        var found = await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>("family-assistant.io", "v1alpha1", @namespace, "familyassistantinstances", instance, cancellationToken: cancellation);
        foreach (var field in found.GetProperty("spec").EnumerateObject())
        {
            settings[$"spec.{field.Name}"] = field.Name == "backup" ? WithoutVolume(field.Value) : field.Value.GetRawText();
        }

        return settings;
    }

    /// <summary>The next sets of a restored instance go where the set was found, whatever that claim is called.</summary>
    private static string WithoutVolume(JsonElement backup)
    {
        var rest = JsonNode.Parse(backup.GetRawText())!.AsObject();
        rest.Remove("volume");
        return rest.ToJsonString();
    }

    /// <summary>What the application writes anew at each start is no data of the family.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> FilesAsync(string folder, CancellationToken cancellation) =>
        (await ApplicationFiles.ReadAsync(folder, cancellation)).Where(file => Path.GetFileName(file.Key) != ".last-start").ToDictionary();

    private static async Task<long> SizeAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT pg_database_size(current_database())", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
