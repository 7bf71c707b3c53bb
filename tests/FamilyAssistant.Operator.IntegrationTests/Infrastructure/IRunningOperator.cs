namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>An operator that runs against a cluster, in whichever way.</summary>
public interface IRunningOperator : IAsyncDisposable
{
    /// <summary>Its last words, for the message of a failed test.</summary>
    Task<string> LogTailAsync(int lines = 40);
}
