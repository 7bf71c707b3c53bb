namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>What a look at the end of a log found.</summary>
internal abstract record LogFinding
{
    private LogFinding()
    {
    }

    /// <summary>It was too early to look.</summary>
    internal sealed record NotYet : LogFinding;

    /// <summary>It could not be read.</summary>
    internal sealed record Unreadable : LogFinding;

    /// <summary>No conflict within the window.</summary>
    internal sealed record Quiet : LogFinding;

    /// <summary>A conflict within the window.</summary>
    /// <param name="Line">The line as it was written, or empty when it is too long to be quoted.</param>
    internal sealed record Conflict(string Line) : LogFinding;
}
