using FamilyAssistant.Operator.IntegrationTests.Infrastructure;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Something wrong with what an instance names, how the operator has to say it, and what mends it.</summary>
internal sealed record Fault
{
    /// <summary>In words; the row's name.</summary>
    public required string What { get; init; }

    /// <summary>How the instance is made wrong.</summary>
    public required Func<InstanceBuilder, InstanceBuilder> Spoil { get; init; }

    /// <summary>The condition that becomes False.</summary>
    public required string Condition { get; init; }

    /// <summary>Its reason.</summary>
    public required string Reason { get; init; }

    /// <summary>What the message has to name: the field or object, and the remedy.</summary>
    public required IReadOnlyList<string> Says { get; init; }

    /// <summary>What a person does then, once; the operator is not touched.</summary>
    public required Func<TestInstance, ExternalDatabase, Task> Fix { get; init; }

    /// <summary>Done to the database before the instance is made. Default: nothing.</summary>
    public Func<ExternalDatabase, Task> SpoilDatabase { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether the database has the vector extension. Default: yes.</summary>
    public bool WithVector { get; init; } = true;
}
