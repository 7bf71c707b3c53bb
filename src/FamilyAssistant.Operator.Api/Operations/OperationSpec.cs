using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Operations;

/// <summary>One procedure. What an action needs to be told stands in a block that is named after it.</summary>
public sealed record OperationSpec
{
    /// <summary>The instance, in the operation's own namespace.</summary>
    public required InstanceReference InstanceRef { get; init; }

    /// <summary>The procedure that is carried out, once; docs/operations.md explains each.</summary>
    public required OperationAction Action { get; init; }

    /// <summary>Only look and report what would be done: nothing is changed and nothing is waited for. Default false.</summary>
    [Schema(Default = "false")]
    public bool DryRun { get; set; }
}
