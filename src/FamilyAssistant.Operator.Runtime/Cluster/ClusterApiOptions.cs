namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Names under which this operator writes.</summary>
public sealed record ClusterApiOptions
{
    /// <summary>Field manager of applies; stable for ever, or fields of earlier versions are never released.</summary>
    public required string FieldManager { get; init; }

    /// <summary>Field manager of status applies. Default: the field manager plus <c>-status</c>.</summary>
    public string StatusFieldManager { get => field ?? FieldManager + "-status"; init; }

    /// <summary>Retries and time limits.</summary>
    public RetryOptions Retry { get; init; } = new();
}
