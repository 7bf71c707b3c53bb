namespace FamilyAssistant.Operator.LocalCluster.Node.Probes;

/// <summary>Counts the results of a probe in a row; the verdict changes at the thresholds.</summary>
internal sealed class ProbeTally(int successThreshold, int failureThreshold)
{
    private int _row;
    private bool _last;

    /// <summary>Adds a result. The verdict when a threshold is reached (again with each further equal result), else null.</summary>
    public bool? Add(bool success)
    {
        _row = success == _last ? _row + 1 : 1;
        _last = success;
        return _row >= (success ? successThreshold : failureThreshold) ? success : null;
    }
}
