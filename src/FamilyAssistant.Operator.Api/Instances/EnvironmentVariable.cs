using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>One environment variable of the application, in the syntax of a container's <c>env</c>.</summary>
public sealed record EnvironmentVariable
{
    /// <summary>Name of the variable; a name that the operator sets itself is refused.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.EnvironmentName)]
    public required string Name { get; init; }

    /// <summary>Value; <c>$(OTHER)</c> refers to a variable defined before.</summary>
    [Schema(MaxLength = 32768)]
    public string? Value { get; init; }

    /// <summary>Where the value comes from instead.</summary>
    public EnvironmentSource? ValueFrom { get; init; }
}

/// <summary>Source of an environment variable: exactly one member.</summary>
public sealed record EnvironmentSource
{
    /// <summary>Key of a Secret.</summary>
    public KeyReference? SecretKeyRef { get; init; }

    /// <summary>Key of a ConfigMap.</summary>
    public KeyReference? ConfigMapKeyRef { get; init; }
}
