namespace FamilyAssistant.Operator.Adapters.Monitoring;

/// <summary>How a kind of target is looked at and how often.</summary>
internal interface ILookPlan<in TKey, in TTarget, TSeen>
{
    /// <summary>One look. It must end by itself and turn every failure into an answer.</summary>
    Task<TSeen> LookAsync(TKey key, TTarget target, CancellationToken ct);

    /// <summary>Whether this answer ends a row of failures.</summary>
    bool IsWell(TSeen seen);

    /// <summary>Time until the next look.</summary>
    TimeSpan NextLook(TSeen seen, int failuresInARow);

    /// <summary>Every answer of a target that still counts; <paramref name="changed"/> when it differs from the one before, or when nobody waited for the first. Must not block.</summary>
    void Seen(TKey key, TSeen seen, bool changed);
}
