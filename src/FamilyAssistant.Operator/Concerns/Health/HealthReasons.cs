using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>Reasons of <c>AppHealthy</c>. See docs/conditions.md.</summary>
internal static class HealthReasons
{
    /// <summary>True: the application polls Telegram.</summary>
    public const string Polling = "Polling";

    /// <summary>True: the application serves the web interface; it has no Telegram token.</summary>
    public const string WebOnly = "WebOnly";

    /// <summary>True: stopped by <c>replicas: 0</c>; there is nobody to ask.</summary>
    public const string Stopped = Phases.StoppedReason;

    /// <summary>No container of the application runs; <c>WorkloadAvailable</c> says why.</summary>
    public const string NotRunning = "NotRunning";

    /// <summary>The application is starting; the bot does not poll yet.</summary>
    public const string Initializing = "Initializing";

    /// <summary>Another process polls with the same bot.</summary>
    public const string TelegramConflict = "TelegramConflict";

    /// <summary>Polling ended and does not begin again without a restart.</summary>
    public const string PollingStopped = "PollingStopped";

    /// <summary>The bot could not be started: the token is wrong or withdrawn.</summary>
    public const string TelegramInitializationFailed = "TelegramInitializationFailed";

    /// <summary>The application says that it is not well, in words that are not known here.</summary>
    public const string Unhealthy = "Unhealthy";

    /// <summary>The container runs, but <c>/health</c> does not answer, or not in its form.</summary>
    public const string NoAnswer = "NoAnswer";
}
