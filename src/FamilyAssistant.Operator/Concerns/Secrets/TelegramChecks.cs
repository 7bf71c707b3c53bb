using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Checks of the bot: its token, whom it would serve, and that there is one poller.</summary>
internal static class TelegramChecks
{
    public static Finding? Check(InstanceSpec spec, SecretsPicture picture, BotToken token) => token switch
    {
        BotToken.Malformed(var fault) => new Finding(SecretsReasons.InvalidToken, $"Secret {spec.SecretRef!.Name}: {AppContract.BotToken} {fault}."),
        BotToken.WellFormed => Replicas(spec) ?? Allowed(spec, picture.Secret!),
        _ => null,
    };

    private static Finding? Replicas(InstanceSpec spec) => spec.Replicas > 1
        ? new Finding(
            SecretsReasons.ReplicasWithTelegram,
            $"spec.replicas is {spec.Replicas} while Secret {spec.SecretRef!.Name} holds {AppContract.BotToken}: a bot has one poller. Set spec.replicas to 1, or remove the token.",
            NeedsSpecChange: true)
        : null;

    /// <summary>The application fails open: without a readable list it serves every Telegram user.</summary>
    private static Finding? Allowed(InstanceSpec spec, IReadOnlyDictionary<string, byte[]> secret) => ServedUsers.Of(spec.Telegram, secret) switch
    {
        ServedUsers.Unclear(var key, var fault) => new Finding(SecretsReasons.InvalidValue, $"Secret {spec.SecretRef!.Name}: {key} {fault}."),
        ServedUsers.Nobody => new Finding(
            SecretsReasons.AllowedUsersMissing,
            "spec.telegram.allowedUsers is empty while a bot token is present: the application would serve every Telegram user. List the users, or set spec.telegram.allowAnyone to true if that is what you want.",
            NeedsSpecChange: true),
        _ => null,
    };
}
