using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Which instances a watched object concerns: by our label, by the name that an instance would want, or because an instance refers to it.</summary>
internal static class InstanceSources
{
    /// <summary>Name of the index over what an instance's spec refers to.</summary>
    public const string References = "references";

    private static readonly string[] Suffixes = ["", .. SuffixesOf(ObjectNames.DataClaim, ObjectNames.GeneratedSecret, ObjectNames.DatabaseSecret, ObjectNames.TelegramSecret, ObjectNames.ManagedDatabase, ObjectNames.ManagedDatabaseClaim, ObjectNames.BackupClaim, ObjectNames.WebIngress, ObjectNames.WebhooksIngress)];

    /// <summary>The keys of the instances that this object concerns.</summary>
    public static IEnumerable<ObjectKey> KeysOf(ICaches caches, ClusterObject item)
    {
        var instances = caches[Kinds.Instance];
        if (item.Labels.TryGetValue(WireNames.InstanceLabel, out var owner))
        {
            yield return new ObjectKey(item.Key.Namespace, owner);
        }

        // A stranger's object in the way, or one that lost our label: the instance that wants its name has to know when it comes and when it goes.
        foreach (var suffix in Suffixes)
        {
            if (item.Key.Name.EndsWith(suffix, StringComparison.Ordinal)
                && new ObjectKey(item.Key.Namespace, item.Key.Name[..^suffix.Length]) is var key
                && instances.Get(key) is not null)
            {
                yield return key;
            }
        }

        foreach (var user in instances.List(item.Key.Namespace, References, Reference(item.Type, item.Key.Name)))
        {
            yield return user.Key;
        }
    }

    /// <summary>What the spec of an instance refers to, as values of the index.</summary>
    public static IEnumerable<string> ReferencesOf(ClusterObject source)
    {
        InstanceSpec spec;
        try
        {
            spec = source.Read(ApiJsonContext.Default.FamilyAssistantInstance).Spec;
        }
        catch (System.Text.Json.JsonException)
        {
            // The reconciler reports it; an index has nobody to tell.
            return [];
        }

        List<string?> found =
        [
            Secret(spec.SecretRef?.Name),
            spec.ConfigRef is { } config ? Reference(ResourceTypes.ConfigMap, config.Name) : null,
            Secret(spec.Database.External?.CredentialsSecretRef.Name),
            Secret(spec.Web?.Tls?.SecretName),
            spec.Storage.ExistingClaim is { } claim ? Reference(ResourceTypes.PersistentVolumeClaim, claim) : null,
            Secret(spec.Backup?.Encryption?.PassphraseSecretRef.Name),
            spec.Backup?.Volume.ExistingClaim is { } sets ? Reference(ResourceTypes.PersistentVolumeClaim, sets) : null,
            .. (spec.ImagePullSecrets ?? []).Select(secret => Secret(secret.Name)),
            .. (spec.Env ?? []).Select(variable => Secret(variable.ValueFrom?.SecretKeyRef?.Name)),
            .. (spec.Env ?? []).Select(variable => variable.ValueFrom?.ConfigMapKeyRef is { } key ? Reference(ResourceTypes.ConfigMap, key.Name) : null),
        ];
        return found.OfType<string>().Distinct();
    }

    private static string? Secret(string? name) => name is null ? null : Reference(ResourceTypes.Secret, name);

    private static string Reference(ResourceType type, string name) => $"{type.Kind}/{name}";

    private static IEnumerable<string> SuffixesOf(params Func<string, string>[] names) => names.Select(name => name("")).Distinct();
}
