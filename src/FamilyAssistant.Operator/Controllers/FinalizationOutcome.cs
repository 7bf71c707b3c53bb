namespace FamilyAssistant.Operator.Controllers;

/// <summary>How far the deletion of an instance is.</summary>
internal abstract record FinalizationOutcome
{
    private FinalizationOutcome()
    {
    }

    /// <summary>Nothing of ours holds the object any more.</summary>
    internal sealed record Finished : FinalizationOutcome;

    /// <summary>Something has to go first.</summary>
    /// <param name="Message">What is waited for.</param>
    /// <param name="CheckAfter">When to look again at the latest.</param>
    internal sealed record Waiting(string Message, TimeSpan CheckAfter) : FinalizationOutcome;
}
