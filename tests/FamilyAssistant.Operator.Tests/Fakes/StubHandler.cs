using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Operations;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>An action of two stages, the second of which acts: what the machinery around handlers is tested with.</summary>
internal sealed class StubHandler(OperationAction action, bool isMutating = true) : IOperationHandler
{
    public const string First = "Preparing";
    public const string Second = "Acting";

    /// <summary>Answers instead of the two stages.</summary>
    public Func<OperationPass, OperationOutcome>? Answer { get; set; }

    /// <summary>Names of the operations that it acted for.</summary>
    public List<string> Acts { get; } = [];

    /// <summary>Stages with which it was called, <c>-</c> for none.</summary>
    public List<string> Calls { get; } = [];

    public OperationAction Action => action;

    public bool IsMutating => isMutating;

    public ValueTask<OperationOutcome> ExecuteAsync(OperationPass pass, CancellationToken ct)
    {
        Calls.Add($"{pass.Source.Key.Name} {pass.Stage ?? "-"}");
        return new(Answer?.Invoke(pass) ?? OfStage(pass));
    }

    private OperationOutcome OfStage(OperationPass pass)
    {
        switch (pass.Stage)
        {
            case null:
                return new OperationOutcome.Working(First, "Does the thing.") { Before = new Dictionary<string, string> { ["thing"] = "old" } };
            case First:
                return new OperationOutcome.Working(Second, "Doing the thing.") { Before = new Dictionary<string, string> { ["thing"] = "changed", ["other"] = "seen" } };
            default:
                Acts.Add(pass.Source.Key.Name);
                return new OperationOutcome.Done("Did the thing.") { After = new Dictionary<string, string> { ["thing"] = "new" } };
        }
    }
}
