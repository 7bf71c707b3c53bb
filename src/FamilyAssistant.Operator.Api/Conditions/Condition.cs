using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Conditions;

/// <summary>One observation about an object, in the shape of <c>metav1.Condition</c>.</summary>
public sealed record Condition
{
    /// <summary>What the condition speaks of, for example <c>DatabaseReady</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 316)]
    public required string Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    [Schema(MaxLength = 7, Pattern = "^(True|False|Unknown)$")]
    public required string Status { get; init; }

    /// <summary>Why, as one CamelCase word of docs/conditions.md.</summary>
    [Schema(MinLength = 1, MaxLength = 1024, Pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")]
    public required string Reason { get; init; }

    /// <summary>What is so, and what to do about it.</summary>
    [Schema(MaxLength = 32768)]
    public required string Message { get; init; }

    /// <summary>Generation of the spec that this speaks of.</summary>
    [Schema(Minimum = 0)]
    public required long ObservedGeneration { get; init; }

    /// <summary>When the status last changed, RFC 3339 with whole seconds.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string LastTransitionTime { get; init; }
}
