using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>How far a Job of a restore is.</summary>
internal abstract record ToolState
{
    private ToolState()
    {
    }

    /// <summary>There is none, or the one before lost its pod and another one may be made.</summary>
    internal sealed record Absent : ToolState;

    /// <summary>It works.</summary>
    /// <param name="Message">What is so, as a sentence.</param>
    internal sealed record Running(string Message) : ToolState
    {
        /// <summary>When another one is made in its place; null: it is waited for.</summary>
        public TimeSpan? CheckAfter { get; init; }
    }

    /// <summary>It did its work.</summary>
    internal sealed record Succeeded(ToolResult Result) : ToolState;

    /// <summary>It did not, and trying the same again does not help.</summary>
    internal sealed record Failed(string Reason, string Message) : ToolState;
}
