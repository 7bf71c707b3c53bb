namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>Latencies of one kind.</summary>
internal sealed class Sample
{
    private readonly List<double> _milliseconds = [];

    /// <summary>How many.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Adds the time between two timestamps. What was seen before the answer that it is measured from had arrived counts as nothing.</summary>
    public void Add(long from, long to) => _milliseconds.Add(Math.Max(0, TimeProvider.System.GetElapsedTime(from, to).TotalMilliseconds));

    /// <summary>The value below which this part of the sample lies, between neighbours in proportion; NaN for an empty one.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public double Percentile(double percent)
    {
        if (_milliseconds.Count == 0)
        {
            return double.NaN;
        }

        double[] sorted = [.. _milliseconds.Order()];
        var place = percent / 100 * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
