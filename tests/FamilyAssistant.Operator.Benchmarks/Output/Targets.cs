using System.Globalization;

namespace FamilyAssistant.Operator.Benchmarks.Output;

/// <summary>A figure that has a target, and whether it is met. Where time is involved the target is a ratio to the plain apply of the same run.</summary>
/// <param name="Figure">Name of the figure.</param>
/// <param name="Text">The target.</param>
/// <param name="Met">Whether it is met.</param>
internal sealed record Target(string Figure, string Text, bool Met);

/// <summary>The targets.</summary>
internal static class Targets
{
    private const double MemoryLimitMiB = 96;

    /// <summary>All of them, for these figures.</summary>
    public static IReadOnlyList<Target> Of(Figures figures) =>
    [
        Most("requestsPerInstance", figures.RequestsPerInstance, figures.ObjectsPerInstance + figures.Details.EventsPerInstance + figures.Details.StatusWritesPerInstance + 1, "objects + events + status + 1"),
        Most("settledRequestsPerMinute", figures.SettledRequestsPerMinute, 0, "none but the Lease's"),
        Ratio("reactionP50Ms", figures.ReactionP50Ms, 1.5, figures),
        Ratio("reactionP99Ms", figures.ReactionP99Ms, 6, figures),
        Ratio("driftRepairP50Ms", figures.DriftRepairP50Ms, 2, figures),
        Most("coldStartWrites", figures.ColdStartWrites, 0, "none"),
        Most("coldStartReads", figures.ColdStartReads, figures.Details.ColdStartLists, "the lists"),
        Most("rssMiB", figures.RssMiB, MemoryLimitMiB, "at 1000 instances, native"),
    ];

    private static Target Ratio(string figure, double value, double ratio, Figures figures) =>
        Most(figure, value, ratio * figures.RawApplyP50Ms, string.Create(CultureInfo.InvariantCulture, $"{ratio} x rawApplyP50Ms; is {value / figures.RawApplyP50Ms:0.00} x"));

    private static Target Most(string figure, double value, double limit, string why) =>
        // Half of what the table shows: averages are not whole.
        new(figure, string.Create(CultureInfo.InvariantCulture, $"<= {limit:0.##} ({why})"), value <= limit + 0.005);
}
