using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace FamilyAssistant.Operator.LocalCluster.Node.Kubelet;

/// <summary>What of a log is asked for, in a kubelet's parameters.</summary>
internal sealed record LogQuery
{
    public bool Follow { get; init; }

    public bool Previous { get; init; }

    public bool Timestamps { get; init; }

    public int? TailLines { get; init; }

    public DateTimeOffset? Since { get; init; }

    public long? LimitBytes { get; init; }

    /// <exception cref="FormatException">A parameter is not of its kind.</exception>
    public static LogQuery Parse(IQueryCollection query, DateTimeOffset now)
    {
        string? Text(string name) => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;
        long? Number(string name) => Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
        bool Flag(string name) => Text(name) is { } text && bool.Parse(text);
        return new LogQuery
        {
            Follow = Flag("follow"),
            Previous = Flag("previous"),
            Timestamps = Flag("timestamps"),
            TailLines = (int?)Number("tailLines"),
            LimitBytes = Number("limitBytes"),
            Since = Number("sinceSeconds") is { } seconds ? now.AddSeconds(-seconds)
                : Text("sinceTime") is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
                : null,
        };
    }
}
