namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reasons that more than one condition uses. See docs/conditions.md.</summary>
internal static class CommonReasons
{
    /// <summary>An object of a needed name belongs to somebody else.</summary>
    public const string NameConflict = "NameConflict";

    /// <summary>An object is being deleted and will be made anew.</summary>
    public const string WaitingForDeletion = "WaitingForDeletion";

    /// <summary>An earlier gate is closed.</summary>
    public const string Waiting = "Waiting";

    /// <summary>The spec breaks a rule of the schema.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>The API server refused or failed a request.</summary>
    public const string RequestFailed = "RequestFailed";

    /// <summary>The pause annotation is set.</summary>
    public const string Paused = "Paused";

    /// <summary>Objects that have to be known cannot be read, most often for missing rights.</summary>
    public const string Unreadable = "Unreadable";
}
