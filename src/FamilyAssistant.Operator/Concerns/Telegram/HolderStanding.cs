namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>Whether the instance that a claim names can still have a poller.</summary>
internal enum HolderStanding
{
    /// <summary>The instance is there, or it cannot be seen whether it is.</summary>
    There,

    /// <summary>The instance is gone, but not everything of it that may poll.</summary>
    LeftBehind,

    /// <summary>Nothing of it is left.</summary>
    Gone,
}
