using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Who may talk to the bot. The bot itself is enabled by <c>TELEGRAM_BOT_TOKEN</c> in <c>secretRef</c> (runbook 3.1 to 3.4).</summary>
public sealed record TelegramSpec
{
    /// <summary>Telegram users (chat ids) whom the bot serves (<c>ALLOWED_USER_IDS</c>, <c>CHAT_ID_TO_NAME_MAP</c>).</summary>
    [Schema(MaxItems = 200, ListMapKeys = ["id"])]
    public IReadOnlyList<TelegramUser>? AllowedUsers { get; init; }

    /// <summary>Serve every Telegram user. Needed to leave <c>allowedUsers</c> empty while a token is present, because the application then serves everybody. Default false.</summary>
    [Schema(Default = "false")]
    public bool AllowAnyone { get; set; }

    /// <summary>Chat that receives error notifications (<c>DEVELOPER_CHAT_ID</c>).</summary>
    [Schema(Minimum = -9007199254740991, Maximum = 9007199254740991)]
    public long? DeveloperChatId { get; init; }
}

/// <summary>One Telegram user.</summary>
public sealed record TelegramUser
{
    /// <summary>Numeric id of the user (or group chat, then negative).</summary>
    [Schema(Minimum = -9007199254740991, Maximum = 9007199254740991)]
    public required long Id { get; init; }

    /// <summary>Name by which the assistant knows this user.</summary>
    [Schema(MinLength = 1, MaxLength = 64, Pattern = Patterns.PersonName)]
    public string? Name { get; init; }
}
