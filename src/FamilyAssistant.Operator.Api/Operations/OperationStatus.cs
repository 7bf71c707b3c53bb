using FamilyAssistant.Operator.Api.Procedures;

namespace FamilyAssistant.Operator.Api.Operations;

/// <summary>What the operator did. Nothing secret is ever here. Once the phase is <c>Succeeded</c> or <c>Failed</c> nothing of it changes any more.</summary>
public sealed record OperationStatus : ProcedureStatus;
