using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Reasons of <c>WorkloadAvailable</c> beside <see cref="PodReasons"/>. See docs/conditions.md.</summary>
internal static class WorkloadReasons
{
    /// <summary>True: every pod runs the desired template and is ready.</summary>
    public const string Available = "Available";

    /// <summary>True: stopped as asked, <c>spec.replicas</c> is 0.</summary>
    public const string Stopped = Phases.StoppedReason;

    /// <summary>The last pods are ending.</summary>
    public const string Stopping = "Stopping";

    /// <summary>Everything is stopped for a while: an operation asked for it, or an earlier gate opens only then. It starts again by itself.</summary>
    public const string HeldStopped = "HeldStopped";

    /// <summary>The pod is being made or has not answered yet. A migration at the application's start belongs to it and may take long.</summary>
    public const string Starting = "Starting";

    /// <summary>A changed template replaces the pods.</summary>
    public const string RollingOut = "RollingOut";

    /// <summary>A used key of a Secret or ConfigMap changed; it is rolled out in a moment, together with what else changes by then.</summary>
    public const string ConfigurationChanged = "ConfigurationChanged";

    /// <summary>The pod runs, but its readiness probe fails.</summary>
    public const string NotReady = "NotReady";

    /// <summary>An object from which the pod is rendered is missing; the last good template stays.</summary>
    public const string InputMissing = "InputMissing";

    /// <summary>A manual installation was scaled to zero and its pods are ending; two pollers of one bot must never be.</summary>
    public const string Adopting = "Adopting";
}
