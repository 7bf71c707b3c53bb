using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Procedures;

/// <summary>An instance of the same namespace.</summary>
public sealed record InstanceReference
{
    /// <summary>Name of the FamilyAssistantInstance.</summary>
    [Schema(MinLength = 1, MaxLength = ObjectNames.MaxInstanceNameLength, Pattern = Patterns.InstanceName)]
    public required string Name { get; init; }
}
