namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Every run of a container on this node.</summary>
internal sealed class ContainerRunHistory
{
    private readonly Lock _lock = new();
    private readonly List<ContainerInterval> _intervals = [];

    public IReadOnlyList<ContainerInterval> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _intervals];
            }
        }
    }

    /// <summary>Notes a start; call what it returns with the time of the end.</summary>
    public Action<DateTimeOffset> Begin(ContainerInterval interval)
    {
        lock (_lock)
        {
            var index = _intervals.Count;
            _intervals.Add(interval);
            return end =>
            {
                lock (_lock)
                {
                    _intervals[index] = interval with { End = end };
                }
            };
        }
    }
}
