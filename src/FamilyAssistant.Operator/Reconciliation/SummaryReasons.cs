namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reasons of <c>Ready</c> and <c>Reconciling</c> that are not taken over from a concern's condition. See docs/conditions.md.</summary>
internal static class SummaryReasons
{
    /// <summary>Ready is True: every concern's condition is.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>On the way, without anything being wrong.</summary>
    public const string Progressing = "Progressing";

    /// <summary>A request failed, or something cannot be read; it is tried again with growing pauses.</summary>
    public const string ProgressingWithRetry = "ProgressingWithRetry";

    /// <summary>Something outside the instance has to change first; the change is noticed by itself.</summary>
    public const string DependencyNotReady = "DependencyNotReady";
}
