using System.Globalization;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>
/// The explicit environment of the application. An explicit variable wins over the Secret's key of the same name, so what stands here
/// cannot be bent by a key that a manual installation left behind.
/// </summary>
internal static class AppEnvironment
{
    /// <summary>Root of the data volume.</summary>
    public const string DataPath = "/mnt/data";

    /// <summary>Where the application looks for its files.</summary>
    public const string ConfigPath = "/app";

    /// <summary>Keys of the instance's Secret that a pod gets only from the fence Secret, or from the spec.</summary>
    private static readonly string[] Fenced = [AppContract.BotToken, AppContract.AllowedUsers, AppContract.AllowedUsersAlias];

    /// <summary>
    /// The variables in a fixed order: the keys of the instance's Secret, the operator's, then the user's, which may refer to all of them by <c>$(NAME)</c>. No name twice:
    /// what stands later hides what stands before.
    /// </summary>
    public static IList<V1EnvVar> Of(WorkloadInputs inputs)
    {
        List<V1EnvVar> own = [.. Operators(inputs), .. (inputs.Spec.Env ?? []).Select(User)];
        var hidden = own.Select(variable => variable.Name).Concat(Fenced).ToHashSet(StringComparer.Ordinal);
        return [.. Keys(inputs).Where(variable => !hidden.Contains(variable.Name)), .. own];
    }

    /// <summary>Where people reach the web interface, or null.</summary>
    public static string? Url(InstanceSpec spec) => spec.ServerUrl ?? (spec.Web is { Host: var host } ? $"https://{host}" : null);

    /// <summary>
    /// One by one and not with <c>envFrom</c>: a container that is restarted reads the Secret as it is then, and would take up a token or a list of users that nobody has looked at. None is
    /// optional: a key that is gone keeps a container from starting, where it would otherwise start without it.
    /// </summary>
    private static IEnumerable<V1EnvVar> Keys(WorkloadInputs inputs) => inputs.Spec.SecretRef is { } secret
        ? (inputs.Secret ?? new Dictionary<string, byte[]>()).Keys.Order(StringComparer.Ordinal).Select(key => FromSecret(key, secret.Name))
        : [];

    private static IEnumerable<V1EnvVar> Operators(WorkloadInputs inputs) =>
    [
        FromSecret(AppContract.DatabaseUrl, ObjectNames.DatabaseSecret(inputs.Key.Name)),
        .. General(inputs.Spec),
        .. Bot(inputs),
        .. Telegram(inputs.Spec.Telegram),
        .. Models(inputs.Spec.Llm),
        .. Debug(inputs.Debug),

        // On the volume all three: the application's default for chat uploads is /tmp, which is lost with every restart.
        Literal("DOCUMENT_STORAGE_PATH", DataPath + "/files"),
        Literal("ATTACHMENT_STORAGE_PATH", DataPath + "/mailbox/attachments"),
        Literal("CHAT_ATTACHMENT_STORAGE_PATH", DataPath + "/chat_attachments"),
        .. Files(inputs),
        .. Generated(inputs),
    ];

    /// <summary>Without a token the variable is absent, never empty: an empty one is still a token to some readers.</summary>
    private static IEnumerable<V1EnvVar> Bot(WorkloadInputs inputs)
    {
        var fence = ObjectNames.TelegramSecret(inputs.Key.Name);
        if (inputs.HasBot)
        {
            yield return FromSecret(AppContract.BotToken, fence);
        }

        if (inputs.FencedUsers is not null)
        {
            yield return FromSecret(AppContract.AllowedUsers, fence);
        }
    }

    private static IEnumerable<V1EnvVar> General(InstanceSpec spec) => Set(
        ("SERVER_URL", Url(spec)),
        ("TIMEZONE", spec.Timezone));

    private static IEnumerable<V1EnvVar> Telegram(TelegramSpec? telegram)
    {
        var users = telegram?.AllowedUsers ?? [];
        var named = users.Where(user => user.Name is not null).Select(user => $"{Text(user.Id)}:{user.Name}").ToArray();
        return Set(
            (AppContract.AllowedUsers, users.Count > 0 ? string.Join(',', users.Select(user => Text(user.Id))) : null),
            (AppContract.UserNames, named.Length > 0 ? string.Join(',', named) : null),
            ("DEVELOPER_CHAT_ID", telegram?.DeveloperChatId is { } chat ? Text(chat) : null));
    }

    private static IEnumerable<V1EnvVar> Models(LlmSpec? llm) => Set(
        ("LLM_MODEL", llm?.Model),
        ("EMBEDDING_MODEL", llm?.EmbeddingModel),
        ("EMBEDDING_DIMENSIONS", llm?.EmbeddingDimensions is { } dimensions ? Text(dimensions) : null));

    private static IEnumerable<V1EnvVar> Debug(DebugSwitches debug) => Set(
        (DebugSwitches.LlmMessagesVariable, debug.LlmMessages ? "true" : null),
        (DebugSwitches.LitellmVariable, debug.Litellm ? "true" : null));

    private static IEnumerable<V1EnvVar> Files(WorkloadInputs inputs) => Set(
        ("MCP_CONFIG_PATH", inputs.Files.Contains("mcp_config.json") ? ConfigPath + "/mcp_config.json" : null),
        ("LOGGING_CONFIG", inputs.Files.Contains("logging.conf") ? ConfigPath + "/logging.conf" : null));

    /// <summary>Generated keys only where the user's Secret has none; the VAPID pair is taken from one place as a whole.</summary>
    private static IEnumerable<V1EnvVar> Generated(WorkloadInputs inputs)
    {
        var generated = ObjectNames.GeneratedSecret(inputs.Key.Name);
        if (DataOf.ValueOf(inputs.Secret, GeneratedKeys.SessionSecret) is null)
        {
            yield return FromSecret(GeneratedKeys.SessionSecret, generated);
        }

        if (DataOf.ValueOf(inputs.Secret, GeneratedKeys.VapidPrivate) is not { } own)
        {
            yield return FromSecret(GeneratedKeys.VapidPrivate, generated);
            yield return FromSecret(GeneratedKeys.VapidPublic, generated);
        }
        else if (DataOf.ValueOf(inputs.Secret, GeneratedKeys.VapidPublic) is null && VapidKey.PublicOf(own) is { } derived)
        {
            yield return Literal(GeneratedKeys.VapidPublic, derived);
        }
    }

    private static V1EnvVar User(EnvironmentVariable variable) => new()
    {
        Name = variable.Name,
        Value = variable.ValueFrom is null ? variable.Value ?? "" : null,
        ValueFrom = variable.ValueFrom is not { } source ? null : new V1EnvVarSource
        {
            SecretKeyRef = source.SecretKeyRef is { } key ? new V1SecretKeySelector { Name = key.Name, Key = key.Key, Optional = key.Optional } : null,
            ConfigMapKeyRef = source.ConfigMapKeyRef is { } entry ? new V1ConfigMapKeySelector { Name = entry.Name, Key = entry.Key, Optional = entry.Optional } : null,
        },
    };

    private static IEnumerable<V1EnvVar> Set(params IEnumerable<(string Name, string? Value)> variables) =>
        variables.Where(variable => variable.Value is not null).Select(variable => Literal(variable.Name, variable.Value!));

    // A dollar sign that is not meant as a reference must not be expanded by the kubelet.
    private static V1EnvVar Literal(string name, string value) => new() { Name = name, Value = value.Replace("$", "$$", StringComparison.Ordinal) };

    private static V1EnvVar FromSecret(string name, string secret) =>
        new() { Name = name, ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = secret, Key = name } } };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
