using System.Globalization;
using System.Text;
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
    private static Finding? Allowed(InstanceSpec spec, IReadOnlyDictionary<string, byte[]> secret)
    {
        if (spec.Telegram?.AllowedUsers is { Count: > 0 })
        {
            return null;
        }

        var key = secret.ContainsKey(AppContract.AllowedUsers) ? AppContract.AllowedUsers : AppContract.AllowedUsersAlias;
        var list = secret.TryGetValue(key, out var value) ? Encoding.UTF8.GetString(value) : "";
        if (!Parses(list))
        {
            return new Finding(
                SecretsReasons.InvalidValue,
                $"Secret {spec.SecretRef!.Name}: {key} is not a comma-separated list of numbers; the application would ignore it and serve every Telegram user. Remove the key and list the users under spec.telegram.allowedUsers.");
        }

        return list.Trim().Length > 0 || spec.Telegram is { AllowAnyone: true }
            ? null
            : new Finding(
                SecretsReasons.AllowedUsersMissing,
                "spec.telegram.allowedUsers is empty while a bot token is present: the application would serve every Telegram user. List the users, or set spec.telegram.allowAnyone to true if that is what you want.",
                NeedsSpecChange: true);
    }

    private static bool Parses(string list) =>
        string.IsNullOrWhiteSpace(list)
        || list.Split(',').All(id => long.TryParse(id.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
}
