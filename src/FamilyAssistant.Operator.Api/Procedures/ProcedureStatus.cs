using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Procedures;

/// <summary>What operations, backups and restores have in common: each is carried out once, and its final phase never changes. Nothing secret is ever here.</summary>
public abstract record ProcedureStatus
{
    /// <summary>Generation of the spec that this speaks of; -1 until the operator has seen the object.</summary>
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>How far it is, in one word: <c>Pending</c>, <c>Running</c> and so on; the documentation of the kind lists its phases.</summary>
    [Schema(MaxLength = 32)]
    public string? Phase { get; init; }

    /// <summary>Why it is in this phase, as one CamelCase word that the documentation of the kind explains.</summary>
    [Schema(MaxLength = 128)]
    public string? Reason { get; init; }

    /// <summary>What is so, and what to do about it.</summary>
    [Schema(MaxLength = 4096)]
    public string? Message { get; init; }

    /// <summary>Ready, and while they are True Reconciling or Stalled: what <c>kubectl wait</c>, Flux and Argo CD read.</summary>
    [Schema(MaxItems = 8, ListMapKeys = ["type"])]
    public IReadOnlyList<Condition> Conditions { get; set; } = [];

    /// <summary>Who asked for it: the field manager that wrote the spec, for example <c>kubectl-create</c> or <c>argocd-controller</c>.</summary>
    [Schema(MaxLength = 128)]
    public string? RequestedBy { get; init; }

    /// <summary>UID of the instance on which it runs; another instance of the same name is not touched.</summary>
    [Schema(MaxLength = 128)]
    public string? InstanceUid { get; init; }

    /// <summary>When its turn came.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? StartedAt { get; init; }

    /// <summary>When it ended, well or not.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? FinishedAt { get; init; }

    /// <summary>How far it is; written before the operator acts on it.</summary>
    [Schema(MaxLength = 64)]
    public string? Stage { get; init; }

    /// <summary>Evidence of how it was before, for example the UIDs of the pods. An entry is written once.</summary>
    [Schema(MaxProperties = 64, MaxLength = 1024)]
    public IReadOnlyDictionary<string, string>? Before { get; init; }
}
