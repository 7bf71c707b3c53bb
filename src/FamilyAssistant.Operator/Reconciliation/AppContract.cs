using System.Collections.Immutable;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Names that the application itself defines and that more than one concern needs.</summary>
internal static class AppContract
{
    /// <summary>The bot is enabled exactly when this is present.</summary>
    public const string BotToken = "TELEGRAM_BOT_TOKEN";

    /// <summary>Whom the bot serves; empty, unset or unreadable means everybody.</summary>
    public const string AllowedUsers = "ALLOWED_USER_IDS";

    /// <summary>Read by the application only when <see cref="AllowedUsers"/> is unset.</summary>
    public const string AllowedUsersAlias = "ALLOWED_CHAT_IDS";

    /// <summary>Names by which the assistant knows its users; what the application cannot read, it ignores.</summary>
    public const string UserNames = "CHAT_ID_TO_NAME_MAP";

    /// <summary>Connection to the database; also the key in the instance's database Secret.</summary>
    public const string DatabaseUrl = "DATABASE_URL";

    /// <summary>Name of the application's container.</summary>
    public const string Container = "family-assistant";

    /// <summary>Port of the application in its pod.</summary>
    public const int Port = 8000;

    /// <summary>Files that the application reads from <c>/app</c>, in the order in which they are mounted.</summary>
    public static readonly ImmutableArray<string> ConfigFiles = ["config.yaml", "prompts.yaml", "mcp_config.json", "logging.conf"];
}
