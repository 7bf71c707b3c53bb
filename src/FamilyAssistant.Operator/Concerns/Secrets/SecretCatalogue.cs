using System.Collections.Frozen;
using System.Collections.Immutable;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>A key that the application knows.</summary>
/// <param name="Name">Name of the environment variable.</param>
/// <param name="Purpose">What it is for, in a few words.</param>
/// <param name="Form">What its value looks like.</param>
/// <param name="Change">What a change of it does.</param>
/// <param name="IsSecret">Whether it belongs into a Secret; the others are often kept there all the same.</param>
internal sealed record CatalogueEntry(string Name, string Purpose, KeyForm Form, ChangeConsequence Change, bool IsSecret);

/// <summary>The keys that people keep in the Secret of an instance. docs/instance.md has the same table; a test holds the two together.</summary>
internal static class SecretCatalogue
{
    /// <summary>All of them, in the order of the table: what belongs into a Secret first.</summary>
    public static readonly ImmutableArray<CatalogueEntry> All =
    [
        Secret(AppContract.BotToken, "Telegram bot", KeyForms.BotToken, ChangeConsequence.StopStart),
        Secret("OPENROUTER_API_KEY", "language models by OpenRouter", KeyForms.Begins("sk-or-", "OpenRouter")),
        Secret("GEMINI_API_KEY", "language models by Google", KeyForms.Begins("AIza", "Google")),
        Secret("OPENAI_API_KEY", "language models by OpenAI", KeyForms.Begins("sk-", "OpenAI")),
        Secret("ANTHROPIC_API_KEY", "language models by Anthropic", KeyForms.Begins("sk-ant-", "Anthropic")),
        Secret("CALDAV_PASSWORD", "calendar", KeyForms.Text),
        Secret("HOMEASSISTANT_API_KEY", "Home Assistant", KeyForms.Text),
        Secret("BRAVE_API_KEY", "web search", KeyForms.Text),
        Secret("GOOGLE_MAPS_API_KEY", "maps", KeyForms.Text),
        Secret("WILLYWEATHER_API_KEY", "weather", KeyForms.Text),
        Secret("REOLINK_CAMERAS", "cameras with their passwords", KeyForms.Json),
        Secret("ASTERISK_SECRET_TOKEN", "telephone", KeyForms.Text),
        Secret("OIDC_CLIENT_SECRET", "log-in by an identity provider", KeyForms.Text),
        Secret(GeneratedKeys.SessionSecret, "signs web sessions", KeyForms.Text, ChangeConsequence.SessionsEnd),
        Secret(GeneratedKeys.VapidPrivate, "signs push notifications", KeyForms.VapidPrivate, ChangeConsequence.SubscriptionsEnd),
        Plain(GeneratedKeys.VapidPublic, "identifies the sender of push notifications", KeyForms.VapidPublic, ChangeConsequence.SubscriptionsEnd),
        Plain("VAPID_CONTACT_EMAIL", "contact for push services", KeyForms.MailTo),
        Secret(AppContract.DatabaseUrl, "database", KeyForms.Text, ChangeConsequence.None),
        Plain(AppContract.AllowedUsers, "whom the bot serves", KeyForms.Users),
        Plain(AppContract.AllowedUsersAlias, "older name of ALLOWED_USER_IDS", KeyForms.Users),
        Plain(AppContract.UserNames, "names of chats", KeyForms.Names),
        Plain("DEVELOPER_CHAT_ID", "chat for error notifications", KeyForms.Number),
        Plain("SERVER_URL", "address of the web interface", KeyForms.Address),
        Plain("TIMEZONE", "the family's time zone", KeyForms.Text),
        Plain("LLM_MODEL", "model that answers", KeyForms.Text),
        Plain("EMBEDDING_MODEL", "model that embeds documents", KeyForms.Text),
        Plain("EMBEDDING_DIMENSIONS", "length of an embedding vector", KeyForms.Number),
        Plain("CALDAV_USERNAME", "calendar", KeyForms.Text),
        Plain("CALDAV_CALENDAR_URLS", "calendars", KeyForms.Addresses),
        Plain("ICAL_URLS", "calendars to read", KeyForms.Addresses),
        Plain("HOMEASSISTANT_URL", "Home Assistant", KeyForms.Address),
        Plain("WILLYWEATHER_LOCATION_ID", "weather", KeyForms.Text),
        Plain("ASTERISK_ALLOWED_EXTENSIONS", "telephone", KeyForms.List),
        Plain("DEFAULT_SERVICE_PROFILE_ID", "profile that answers", KeyForms.Text),
        Plain("MCP_INITIALIZATION_TIMEOUT_SECONDS", "patience with MCP servers", KeyForms.Number),
        Plain("TOOLS_REQUIRING_CONFIRMATION", "tools that ask before they act", KeyForms.List),
        Plain("INDEXING_PIPELINE_CONFIG_JSON", "indexing of documents", KeyForms.Json),
        Plain("OIDC_CLIENT_ID", "log-in by an identity provider", KeyForms.Text),
        Plain("OIDC_DISCOVERY_URL", "log-in by an identity provider", KeyForms.Address),
        Plain("ALLOWED_OIDC_EMAILS", "who may log in by an identity provider", KeyForms.List),
        Plain("DEBUG_LLM_MESSAGES", "debug output", KeyForms.Text),
        Plain("LITELLM_DEBUG", "debug output", KeyForms.Text),
        Plain("ASSISTANT_DEBUG_MODE", "debug output", KeyForms.Text),
        Plain("DEV_MODE", "debug output", KeyForms.Text),
    ];

    private static readonly FrozenDictionary<string, CatalogueEntry> ByName = All.ToFrozenDictionary(static entry => entry.Name, StringComparer.Ordinal);

    /// <summary>The keys of which at least one is needed for a useful instance.</summary>
    public static readonly ImmutableArray<string> ProviderKeys = ["OPENROUTER_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"];

    /// <summary>What is known of a key; null when it is none of the application's own.</summary>
    public static CatalogueEntry? Find(string name) => ByName.GetValueOrDefault(name);

    private static CatalogueEntry Secret(string name, string purpose, KeyForm form, ChangeConsequence change = ChangeConsequence.Rollout) => new(name, purpose, form, change, IsSecret: true);

    private static CatalogueEntry Plain(string name, string purpose, KeyForm form, ChangeConsequence change = ChangeConsequence.Rollout) => new(name, purpose, form, change, IsSecret: false);
}
