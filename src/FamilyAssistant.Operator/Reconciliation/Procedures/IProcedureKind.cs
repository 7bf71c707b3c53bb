using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>A kind of procedure as others see it: on an instance one procedure at a time has its turn, of whatever kind it is.</summary>
internal interface IProcedureKind
{
    /// <summary>The kind.</summary>
    ResourceType Type { get; }

    /// <summary>What people call one of them: <c>operation</c>, <c>backup</c>, <c>restore</c>.</summary>
    string Noun { get; }

    /// <summary>Whether it changes or reads the instance in a way that must not meet another one's.</summary>
    bool TakesTurn(ClusterObject source);

    /// <summary>Why the instance is held at zero pods as long as this procedure has its turn and is as it is now; the end of "Stopped for a while: …". Null: it is not.</summary>
    string? StopsBecause(ClusterObject source);
}
