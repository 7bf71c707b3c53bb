using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>An action of two stages, the second of which acts: what the machinery around handlers is tested with.</summary>
internal sealed class StubHandler(OperationAction action, bool isMutating = true) : IOperationHandler
{
    public const string First = "Preparing";
    public const string Second = "Acting";

    /// <summary>Answers instead of the two stages.</summary>
    public Func<ProcedurePass<FamilyAssistantOperation>, ProcedureOutcome>? Answer { get; set; }

    /// <summary>Names of the operations that it acted for.</summary>
    public List<string> Acts { get; } = [];

    /// <summary>Stages with which it was called, <c>-</c> for none.</summary>
    public List<string> Calls { get; } = [];

    public OperationAction Action => action;

    public bool IsMutating => isMutating;

    public ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct)
    {
        Calls.Add($"{pass.Source.Key.Name} {pass.Stage ?? "-"}");
        return new(Answer?.Invoke(pass) ?? OfStage(pass));
    }

    private ProcedureOutcome OfStage(ProcedurePass<FamilyAssistantOperation> pass)
    {
        switch (pass.Stage)
        {
            case null:
                return new ProcedureOutcome.Working(First, "Does the thing.") { Before = new Dictionary<string, string> { ["thing"] = "old" } };
            case First:
                return new ProcedureOutcome.Working(Second, "Doing the thing.") { Before = new Dictionary<string, string> { ["thing"] = "changed", ["other"] = "seen" } };
            default:
                Acts.Add(pass.Source.Key.Name);
                return new ProcedureOutcome.Done("Did the thing.") { After = new Dictionary<string, string> { ["thing"] = "new" } };
        }
    }
}
