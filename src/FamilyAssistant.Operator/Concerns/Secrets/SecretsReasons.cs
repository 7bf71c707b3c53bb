namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Reasons of <c>SecretsValid</c>. See docs/conditions.md.</summary>
internal static class SecretsReasons
{
    /// <summary>True: every Secret and ConfigMap that the instance names is there and well formed.</summary>
    public const string Valid = "SecretsValid";

    /// <summary>A Secret that the instance names does not exist in its namespace; it is taken up as soon as it does.</summary>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>A ConfigMap that the instance names does not exist in its namespace; it is taken up as soon as it does.</summary>
    public const string ConfigMapNotFound = "ConfigMapNotFound";

    /// <summary>A Secret or ConfigMap is there, but the key that <c>spec.env</c> names is not in it.</summary>
    public const string KeyNotFound = "KeyNotFound";

    /// <summary>A key of the Secret cannot be the name of an environment variable, so the application would never see it.</summary>
    public const string InvalidKey = "InvalidKey";

    /// <summary>A value cannot be used: it is empty where it must not be, is not text, or does not have the form that the application expects.</summary>
    public const string InvalidValue = "InvalidValue";

    /// <summary><c>TELEGRAM_BOT_TOKEN</c> is not a bot token.</summary>
    public const string InvalidToken = "InvalidToken";

    /// <summary>The pair of VAPID keys is incomplete or does not belong together.</summary>
    public const string InvalidKeyPair = "InvalidKeyPair";

    /// <summary>A token without a list of allowed users: the application would serve every Telegram user.</summary>
    public const string AllowedUsersMissing = "AllowedUsersMissing";

    /// <summary>More than one replica while a token is present: a bot has one poller.</summary>
    public const string ReplicasWithTelegram = "ReplicasWithTelegram";

    /// <summary>The Secret of generated keys lacks one. It is not made again by itself, because that would end sessions and push subscriptions silently.</summary>
    public const string GeneratedKeyMissing = "GeneratedKeyMissing";

    /// <summary>The Secret of generated keys is being deleted.</summary>
    public const string GeneratedSecretTerminating = "GeneratedSecretTerminating";
}
