using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// The operator's part of a set, as the files that its Job is given: half of the manifest, the configuration and the Secrets, each as a List that <c>kubectl apply -f</c> takes. Pure.
/// </summary>
/// <remarks>
/// Secrets that the operator makes again from others are left out (the application's URL of the database, the token that it was handed), and so is the passphrase: it would be locked up with
/// itself. The TLS Secret of the web interface is in: nobody else may have the key of a certificate that people brought.
/// </remarks>
internal static class BackupInput
{
    /// <summary>Largest sum of the files, in bytes: a Secret takes 1 MiB.</summary>
    public const int MostBytes = 1_000_000;

    /// <summary>ConfigMaps that the spec names.</summary>
    public static IReadOnlyList<string> ConfigMaps(InstanceSpec spec) =>
        [.. ((string?[])[spec.ConfigRef?.Name, .. (spec.Env ?? []).Select(variable => variable.ValueFrom?.ConfigMapKeyRef?.Name)]).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Secrets that the instance needs and the operator cannot make again.</summary>
    public static IReadOnlyList<string> Secrets(string instance, InstanceSpec spec) =>
    [
        .. ((string?[])
        [
            spec.SecretRef?.Name,
            ObjectNames.GeneratedSecret(instance),
            spec.Database.Managed is null ? spec.Database.External?.CredentialsSecretRef.Name : ObjectNames.ManagedDatabaseSecret(instance),
            spec.Web?.Tls?.SecretName,
            .. (spec.ImagePullSecrets ?? []).Select(secret => secret.Name),
            .. (spec.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef?.Name),
        ]).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The files.</summary>
    /// <param name="setId">Id of the set.</param>
    /// <param name="created">When the backup was asked for.</param>
    /// <param name="include">Parts of the set.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="model">The same as records.</param>
    /// <param name="configMaps">The ConfigMaps of <see cref="ConfigMaps"/> that exist.</param>
    /// <param name="secrets">The Secrets of <see cref="Secrets"/> that exist.</param>
    public static IReadOnlyDictionary<string, byte[]> Of(
        string setId, DateTime created, IReadOnlyList<BackupPart> include, ClusterObject instance, FamilyAssistantInstance model, IReadOnlyList<ClusterObject> configMaps, IReadOnlyList<ClusterObject> secrets)
    {
        var files = new Dictionary<string, byte[]> { [ToolEnvironment.ManifestFile] = SetJson.Serialise(Manifest(setId, created, include, instance, model, secrets)) };
        if (include.Contains(BackupPart.Configuration))
        {
            files[ToolEnvironment.ConfigurationFile] = ListOf([.. configMaps, instance]);
        }

        if (include.Contains(BackupPart.Secrets))
        {
            files[ToolEnvironment.SecretsFile] = ListOf(secrets);
        }

        return files;
    }

    /// <summary>Why the files do not fit; null: they do.</summary>
    public static string? TooLarge(IReadOnlyDictionary<string, byte[]> files, IEnumerable<ClusterObject> objects)
    {
        var size = files.Values.Sum(file => (long)file.Length);
        if (size <= MostBytes)
        {
            return null;
        }

        var largest = objects.OrderByDescending(found => found.Json.Length).Take(3).Select(found => $"{found.Type.Kind} {found.Key.Name} ({found.Json.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes)");
        return $"Configuration and Secrets of the instance are {size.ToString("N0", CultureInfo.InvariantCulture)} bytes together; {MostBytes.ToString("N0", CultureInfo.InvariantCulture)} fit. The largest are {string.Join(", ", largest)}. Move what is not needed out of them, or leave these parts out (spec.include).";
    }

    private static SetManifest Manifest(string setId, DateTime created, IReadOnlyList<BackupPart> include, ClusterObject instance, FamilyAssistantInstance model, IReadOnlyList<ClusterObject> secrets)
    {
        var own = DataOf.Secret(model.Spec.SecretRef is { } reference ? secrets.FirstOrDefault(secret => secret.Key.Name == reference.Name) : null);
        var generated = DataOf.Secret(secrets.FirstOrDefault(secret => secret.Key.Name == ObjectNames.GeneratedSecret(instance.Key.Name)));
        var key = DataOf.ValueOf(generated, GeneratedKeys.HashKey) is { Length: > 0 } hashKey ? KeyFingerprints.KeyOf(hashKey, setId) : null;
        return new SetManifest
        {
            SchemaVersion = SetManifest.CurrentSchemaVersion,
            SetId = setId,
            Instance = new SetInstance(instance.Key.Namespace, instance.Key.Name, instance.Uid),
            CreatedAt = BackupReport.Text(created),
            Image = model.Status?.Image ?? model.Spec.Image,
            Include = include,
            FingerprintKey = key,
            Keys = key is null ? null : KeyFingerprints.Of(key, name => KeysInForce.ValueOf(name, own, generated)),
        };
    }

    private static byte[] ListOf(IReadOnlyList<ClusterObject> objects)
    {
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. objects.Select(Portable)]) };
        return Encoding.UTF8.GetBytes(list.ToJsonString(new JsonSerializerOptions { WriteIndented = true, TypeInfoResolver = ApiJsonContext.Default }) + "\n");
    }

    /// <summary>The object as somebody would write it: without what the API server and this operator added, so that it can be applied anywhere.</summary>
    private static JsonNode Portable(ClusterObject source)
    {
        var json = JsonNode.Parse(source.Json.Span)!.AsObject();
        json["apiVersion"] = source.Type.ApiVersion;
        json["kind"] = source.Type.Kind;
        var metadata = new JsonObject { ["name"] = source.Key.Name };
        if (source.Labels.Count > 0)
        {
            metadata["labels"] = Map(source.Labels);
        }

        var annotations = source.Annotations.Where(annotation => !annotation.Key.StartsWith(WireNames.Group + "/", StringComparison.Ordinal) && annotation.Key != "kubectl.kubernetes.io/last-applied-configuration").ToList();
        if (annotations.Count > 0)
        {
            metadata["annotations"] = Map(annotations);
        }

        json["metadata"] = metadata;
        json.Remove("status");
        return json;
    }

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));
}
