using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Operations;

/// <summary>What the operator did. Nothing secret is ever here. Once the phase is <c>Succeeded</c> or <c>Failed</c> nothing of it changes any more.</summary>
public sealed record OperationStatus : ProcedureStatus
{
    /// <summary>Evidence of how it is after success.</summary>
    [Schema(MaxProperties = 64, MaxLength = 1024)]
    public IReadOnlyDictionary<string, string>? After { get; init; }
}
