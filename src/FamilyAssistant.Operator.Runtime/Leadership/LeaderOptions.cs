namespace FamilyAssistant.Operator.Runtime.Leadership;

/// <summary>Leader election through a Lease (coordination.k8s.io/v1).</summary>
public sealed record LeaderOptions
{
    /// <summary>False: this process leads at once, without a Lease.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Namespace of the Lease.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the Lease.</summary>
    public required string LeaseName { get; init; }

    /// <summary>This replica; the pod's name.</summary>
    public required string Identity { get; init; }

    /// <summary>Time after which a silent holder is taken for dead. Default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time without a renewal after which the holder gives up; shorter than the duration. Default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between attempts. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Another replica holds the Lease, or it could not be renewed in time. The process ends with exit code 2.</summary>
public sealed class LeadershipLostException(string lease) : Exception($"Leadership of {lease} is lost.");
