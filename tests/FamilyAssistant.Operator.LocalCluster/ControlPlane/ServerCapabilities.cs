namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>What this cluster can do; a test that needs more skips, visibly.</summary>
public sealed record ServerCapabilities
{
    /// <summary>The API server's version.</summary>
    public required KubeVersion ServerVersion { get; init; }

    /// <summary>Whether built-in controllers run: StatefulSets make pods, owners are collected, namespaces end.</summary>
    public required bool HasControllerManager { get; init; }

    /// <summary>Whether pods run, on the node agent or on nodes of an existing cluster.</summary>
    public required bool RunsPods { get; init; }

    /// <summary>Whether this process started the API server: it can then be stopped and restarted, and it writes an audit log.</summary>
    public required bool IsOwned { get; init; }

    /// <summary>Rules in <c>x-kubernetes-validations</c> are enforced (1.25; older servers drop them).</summary>
    public bool HasCel => ServerVersion.IsAtLeast(25);

    /// <summary>The labels <c>pod-security.kubernetes.io/*</c> of a namespace are enforced (1.23).</summary>
    public bool HasPodSecurity => ServerVersion.IsAtLeast(23);

    /// <summary><c>fieldValidation=Strict</c> is known (1.25).</summary>
    public bool HasStrictFieldValidation => ServerVersion.IsAtLeast(25);

    /// <summary><c>policy/v1</c> and <c>batch/v1</c> CronJob exist (1.21).</summary>
    public bool HasPolicyV1 => ServerVersion.IsAtLeast(21);
}
