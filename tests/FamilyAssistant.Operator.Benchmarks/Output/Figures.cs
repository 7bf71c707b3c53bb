using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Benchmarks.Output;

/// <summary>What one build of the operator was measured to do. Names are a contract of <c>artifacts/bench.json</c>; docs/benchmark.md says what each means.</summary>
internal sealed record Figures
{
    public required int Instances { get; init; }

    public required double ObjectsPerInstance { get; init; }

    public required double RequestsPerInstance { get; init; }

    public required double SettledRequestsPerMinute { get; init; }

    [JsonPropertyName("rawApplyP50Ms")]
    public required double RawApplyP50Ms { get; init; }

    [JsonPropertyName("reactionP50Ms")]
    public required double ReactionP50Ms { get; init; }

    [JsonPropertyName("reactionP99Ms")]
    public required double ReactionP99Ms { get; init; }

    [JsonPropertyName("driftRepairP50Ms")]
    public required double DriftRepairP50Ms { get; init; }

    public required double ConvergeSeconds { get; init; }

    public required double ColdStartMs { get; init; }

    public required int ColdStartWrites { get; init; }

    public required int ColdStartReads { get; init; }

    [JsonPropertyName("rssMiB")]
    public required double RssMiB { get; init; }

    public required double CpuSecondsSettledPerMinute { get; init; }

    /// <summary>What the figures are made of.</summary>
    public required Details Details { get; init; }
}

/// <summary>Parts of the figures, for who wants to know why.</summary>
internal sealed record Details
{
    /// <summary>Writes of status for one new instance.</summary>
    public required double StatusWritesPerInstance { get; init; }

    /// <summary>Events for one new instance.</summary>
    public required double EventsPerInstance { get; init; }

    /// <summary>Requests of the creation by kind, divided by the instances; lists, watches and the Lease among them.</summary>
    public required IReadOnlyDictionary<string, double> CreationRequestsPerInstance { get; init; }

    /// <summary>Requests of the settled minute by kind; watches and the Lease among them.</summary>
    public required IReadOnlyDictionary<string, int> SettledRequests { get; init; }

    /// <summary>Requests of the cold start by kind; watches and the Lease among them.</summary>
    public required IReadOnlyDictionary<string, int> ColdStartRequests { get; init; }

    /// <summary>Of <see cref="Figures.ColdStartReads"/>, those that are pages of lists.</summary>
    public required int ColdStartLists { get; init; }

    /// <summary>Until <c>/readyz</c> said yes in the cold start.</summary>
    public required double ColdStartReadyMs { get; init; }

    /// <summary>99th percentile of the plain applies.</summary>
    public required double RawApplyP99Ms { get; init; }

    /// <summary>Resident memory after the cold start.</summary>
    public required double RssAfterColdStartMiB { get; init; }

    /// <summary>Most resident memory of the process that saw the creation and every change.</summary>
    public required double PeakRssMiB { get; init; }
}
