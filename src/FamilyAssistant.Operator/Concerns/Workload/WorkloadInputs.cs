using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Everything that the pod template is rendered from, read once.</summary>
internal sealed record WorkloadInputs
{
    /// <summary>Namespace and name of the instance.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary>Its spec.</summary>
    public required InstanceSpec Spec { get; init; }

    /// <summary>Pods that are wanted now where that is not <c>spec.replicas</c>.</summary>
    public int? Replicas { get; init; }

    /// <summary>Debug switches as they are meant now.</summary>
    public DebugSwitches Debug { get; init; } = DebugSwitches.Off;

    /// <summary>Data of <c>spec.secretRef</c>, or null.</summary>
    public IReadOnlyDictionary<string, byte[]>? Secret { get; init; }

    /// <summary>Data of <c>spec.configRef</c>, or null.</summary>
    public IReadOnlyDictionary<string, byte[]>? Config { get; init; }

    /// <summary>The generated keys, or null.</summary>
    public IReadOnlyDictionary<string, byte[]>? Generated { get; init; }

    /// <summary>UID of the operation that last made a generated key anew, or null.</summary>
    public string? RotatedBy { get; init; }

    /// <summary>The Secret with the bot token, from which alone the pod gets it, or null.</summary>
    public IReadOnlyDictionary<string, byte[]>? Fence { get; init; }

    /// <summary>The Secret with the database's URL, or null.</summary>
    public IReadOnlyDictionary<string, byte[]>? Database { get; init; }

    /// <summary>Data of any Secret of the namespace.</summary>
    public Func<string, IReadOnlyDictionary<string, byte[]>?> SecretOf { get; init; } = _ => null;

    /// <summary>Data of any ConfigMap of the namespace.</summary>
    public Func<string, IReadOnlyDictionary<string, byte[]>?> ConfigMapOf { get; init; } = _ => null;

    /// <summary>The application's files that the ConfigMap holds, in their fixed order.</summary>
    public IEnumerable<string> Files => AppContract.ConfigFiles.Where(file => Config?.ContainsKey(file) == true);

    /// <summary>Whether the Secret holds a bot token.</summary>
    public bool HasBot => Secret?.ContainsKey(AppContract.BotToken) == true;

    /// <summary>The list of users that the bot gets from the fence Secret; null when it gets none, or that of the spec.</summary>
    public string? FencedUsers => HasBot && ServedUsers.Of(Spec.Telegram, Secret) is ServedUsers.FromSecret(_, var list) ? list.Text : null;

    /// <summary>
    /// What is missing, or null. The earlier gates have just seen all of it; it is asked again here because a template rendered without
    /// its token or its database would start an application that serves nobody, or everybody.
    /// </summary>
    public string? Missing
    {
        get
        {
            if (Spec.SecretRef is { } secret && Secret is null)
            {
                return $"Secret {secret.Name}";
            }

            if (Spec.ConfigRef is { } config && Config is null)
            {
                return $"ConfigMap {config.Name}";
            }

            if (GeneratedKeys.All.FirstOrDefault(key => DataOf.ValueOf(Generated, key) is not { Length: > 0 }) is { } key)
            {
                return $"Key {key} of Secret {ObjectNames.GeneratedSecret(Key.Name)}";
            }

            // Another token than the Secret's own would mean that the claim is not settled.
            if (HasBot && !Equal(DataOf.ValueOf(Fence, AppContract.BotToken), Secret![AppContract.BotToken]))
            {
                return $"Key {AppContract.BotToken} of Secret {ObjectNames.TelegramSecret(Key.Name)}";
            }

            if (FencedUsers is { } users && !Equal(DataOf.ValueOf(Fence, AppContract.AllowedUsers), Encoding.ASCII.GetBytes(users)))
            {
                return $"Key {AppContract.AllowedUsers} of Secret {ObjectNames.TelegramSecret(Key.Name)}";
            }

            return DataOf.ValueOf(Database, AppContract.DatabaseUrl) is { Length: > 0 }
                ? null
                : $"Key {AppContract.DatabaseUrl} of Secret {ObjectNames.DatabaseSecret(Key.Name)}";
        }
    }

    private static bool Equal(byte[]? there, byte[] wanted) => there is not null && there.AsSpan().SequenceEqual(wanted);

    /// <summary>Reads them for one pass. What earlier steps of the same pass made is read as it is now.</summary>
    public static WorkloadInputs Of(InstancePass pass)
    {
        var ended = pass.Observed.Find(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name))?.Annotations.GetValueOrDefault(WireNames.DebugEndedAnnotation);
        return new WorkloadInputs
        {
            Key = pass.Source.Key,
            Spec = pass.Spec,
            Replicas = pass.Replicas,
            Debug = DebugSwitches.Of(pass.Spec.Debug, ended, pass.Now),
            Secret = pass.Spec.SecretRef is { } secret ? SecretOf(secret.Name) : null,
            Config = pass.Spec.ConfigRef is { } config ? ConfigMapOf(config.Name) : null,
            RotatedBy = pass.Observed.Latest(ResourceTypes.Secret, ObjectNames.GeneratedSecret(pass.Name))?.Annotations.GetValueOrDefault(WireNames.RotatedByAnnotation),
            Generated = DataOf.Secret(pass.Observed.Latest(ResourceTypes.Secret, ObjectNames.GeneratedSecret(pass.Name))),
            Fence = DataOf.Secret(pass.Observed.Latest(ResourceTypes.Secret, ObjectNames.TelegramSecret(pass.Name))),
            Database = DataOf.Secret(pass.Observed.Latest(ResourceTypes.Secret, ObjectNames.DatabaseSecret(pass.Name))),
            SecretOf = SecretOf,
            ConfigMapOf = ConfigMapOf,
        };

        IReadOnlyDictionary<string, byte[]>? SecretOf(string name) => DataOf.Secret(pass.Observed.Find(ResourceTypes.Secret, name));
        IReadOnlyDictionary<string, byte[]>? ConfigMapOf(string name) => DataOf.ConfigMap(pass.Observed.Find(ResourceTypes.ConfigMap, name));
    }
}
