using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>Keys of the Secret that the application does not get, because something else of the same name wins. Pure.</summary>
internal static class KeyShadows
{
    /// <summary>Why the key has no effect, as a sentence; null when the application gets it.</summary>
    public static string? Of(string key, InstanceSpec spec, SecretsPicture picture) => Winner(key, spec, picture) is { } winner ? $"Without effect: {winner}." : null;

    private static string? Winner(string key, InstanceSpec spec, SecretsPicture picture) => key switch
    {
        AppContract.DatabaseUrl => "spec.database wins",
        "SERVER_URL" when spec.ServerUrl is not null => "spec.serverUrl wins",
        "SERVER_URL" when spec.Web is not null => "spec.web.host wins",
        "TIMEZONE" when spec.Timezone is not null => "spec.timezone wins",
        AppContract.AllowedUsers or AppContract.AllowedUsersAlias when HasUsers(spec) => "spec.telegram.allowedUsers wins",
        AppContract.AllowedUsersAlias when picture.Secret?.ContainsKey(AppContract.AllowedUsers) == true => $"{AppContract.AllowedUsers} wins",
        AppContract.UserNames when spec.Telegram?.AllowedUsers?.Any(static user => user.Name is not null) == true => "the names in spec.telegram.allowedUsers win",
        "DEVELOPER_CHAT_ID" when spec.Telegram?.DeveloperChatId is not null => "spec.telegram.developerChatId wins",
        "LLM_MODEL" when spec.Llm?.Model is not null => "spec.llm.model wins",
        "EMBEDDING_MODEL" when spec.Llm?.EmbeddingModel is not null => "spec.llm.embeddingModel wins",
        "EMBEDDING_DIMENSIONS" when spec.Llm?.EmbeddingDimensions is not null => "spec.llm.embeddingDimensions wins",
        "DOCUMENT_STORAGE_PATH" or "ATTACHMENT_STORAGE_PATH" or "CHAT_ATTACHMENT_STORAGE_PATH" => "the data volume's path is always the same",
        "MCP_CONFIG_PATH" when HasFile(picture, "mcp_config.json") => "mcp_config.json of spec.configRef wins",
        "LOGGING_CONFIG" when HasFile(picture, "logging.conf") => "logging.conf of spec.configRef wins",
        _ when spec.Env?.Any(variable => variable.Name == key) == true => "spec.env wins",
        _ => null,
    };

    private static bool HasUsers(InstanceSpec spec) => spec.Telegram?.AllowedUsers is { Count: > 0 };

    private static bool HasFile(SecretsPicture picture, string file) => picture.Config?.ContainsKey(file) == true;
}
