namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>How the operator is installed; what is not said here is as in <c>deploy/base</c>.</summary>
public sealed record OperatorInstallOptions
{
    /// <summary>What is published and becomes the image. Default: for the machine's .NET runtime. Nothing is published for an existing cluster, which pulls by itself.</summary>
    public OperatorFlavour Flavour { get; init; } = OperatorFlavour.Jit;

    /// <summary>Variables of the operator's container beside its own, for example <c>LOG_LEVEL</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Pods of the Deployment. Default: as it says.</summary>
    public int? Replicas { get; init; }

    /// <summary>How long its pods may take to become available. Default: three minutes.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Gets lines about what happens. Default: nowhere.</summary>
    public Action<string> Progress { get; init; } = static _ => { };
}
