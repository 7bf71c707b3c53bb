namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>Reasons of <c>TelegramExclusive</c>. See docs/conditions.md.</summary>
internal static class TelegramReasons
{
    /// <summary>True: no bot token, so nothing polls.</summary>
    public const string NoBot = "NoBot";

    /// <summary>True: this instance holds the claim of its bot.</summary>
    public const string ClaimHeld = "ClaimHeld";

    /// <summary>Another instance holds the claim of the bot.</summary>
    public const string ClaimedByAnother = "ClaimedByAnother";

    /// <summary>The claim belongs to an instance that is gone, and something of it that may poll is still there.</summary>
    public const string ClaimLeftBehind = "ClaimLeftBehind";

    /// <summary>The Lease of the bot names a holder that is no instance.</summary>
    public const string ClaimUnreadable = "ClaimUnreadable";

    /// <summary>The claim is being taken, and somebody else wrote at the same moment.</summary>
    public const string Claiming = "Claiming";

    /// <summary>The token changed or was removed: what runs with the one of before has to be gone first.</summary>
    public const string TokenChanged = "TokenChanged";

    /// <summary>The claim went to another instance although this one runs.</summary>
    public const string ClaimLost = "ClaimLost";

    /// <summary>What runs got its token past the claim, from an earlier version of the operator for instance, and has to be gone first.</summary>
    public const string StartedUnclaimed = "StartedUnclaimed";

    /// <summary>A pod that is not this instance's, and that is given the same token, still runs.</summary>
    public const string ManualPollerRunning = "ManualPollerRunning";

    /// <summary>Something that this operator does not run polls the bot as well; where it runs could not be looked for yet.</summary>
    public const string Conflict = "Conflict";

    /// <summary>Something that this operator does not run polls the bot as well, and a pod of this cluster looks like it.</summary>
    public const string ConflictInCluster = "ConflictInCluster";

    /// <summary>Something that this operator does not run polls the bot as well, and no pod that the operator sees looks like it.</summary>
    public const string ConflictOutside = "ConflictOutside";
}
