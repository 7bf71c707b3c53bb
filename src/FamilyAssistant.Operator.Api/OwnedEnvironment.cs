using System.Collections.Frozen;

namespace FamilyAssistant.Operator.Api;

/// <summary>Environment variables of the application that the operator sets or that have a field of their own. <c>spec.env</c> may not name them.</summary>
public static class OwnedEnvironment
{
    /// <summary>The names, in a fixed order: they are part of the generated schema.</summary>
    public static readonly IReadOnlyList<string> Ordered =
    [
        "DATABASE_URL", "SERVER_URL", "TIMEZONE",
        "TELEGRAM_BOT_TOKEN", "ALLOWED_USER_IDS", "ALLOWED_CHAT_IDS", "CHAT_ID_TO_NAME_MAP", "DEVELOPER_CHAT_ID",
        "LLM_MODEL", "EMBEDDING_MODEL", "EMBEDDING_DIMENSIONS",
        "DEBUG_LLM_MESSAGES", "LITELLM_DEBUG",
        "DOCUMENT_STORAGE_PATH", "ATTACHMENT_STORAGE_PATH", "CHAT_ATTACHMENT_STORAGE_PATH",
        "SESSION_SECRET_KEY", "VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY",
        "MCP_CONFIG_PATH", "LOGGING_CONFIG", "ALEMBIC_CONFIG",
    ];

    /// <summary>The same names for look-ups.</summary>
    public static readonly FrozenSet<string> Names = Ordered.ToFrozenSet(StringComparer.Ordinal);
}
