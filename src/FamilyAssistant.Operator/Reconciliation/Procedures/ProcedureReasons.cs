namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Reasons that every kind of procedure may have. The page of each kind explains them.</summary>
internal static class ProcedureReasons
{
    /// <summary>Running.</summary>
    public const string InProgress = "InProgress";

    /// <summary>It did what was asked for.</summary>
    public const string Completed = "Completed";

    /// <summary>It was a dry run, which says what would be done.</summary>
    public const string DryRun = "DryRun";

    /// <summary>Pending: another procedure on the same instance comes first.</summary>
    public const string Queued = "Queued";

    /// <summary>Pending: there is no such instance yet; objects may be applied in any order.</summary>
    public const string InstanceNotFound = "InstanceNotFound";

    /// <summary>Pending, or Running and standing still: the pause annotation is set.</summary>
    public const string InstancePaused = "InstancePaused";

    /// <summary>Pending: the instance's spec breaks a rule, so nothing on it is carried out.</summary>
    public const string InstanceInvalid = "InstanceInvalid";

    /// <summary>Pending: the instance is not up yet, or an earlier condition would keep it from starting again.</summary>
    public const string InstanceNotReady = "InstanceNotReady";

    /// <summary>Running: a request failed and is tried again.</summary>
    public const string RequestFailed = "RequestFailed";

    /// <summary>Failed: its own spec breaks a rule.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Failed: it was edited.</summary>
    public const string SpecChanged = "SpecChanged";

    /// <summary>Failed: somebody deleted it before it ended, and something else holds the object.</summary>
    public const string Deleted = "Deleted";

    /// <summary>Failed: the instance is being deleted, or was while the operation ran.</summary>
    public const string InstanceTerminating = "InstanceTerminating";

    /// <summary>Failed: another instance has the name by now.</summary>
    public const string InstanceReplaced = "InstanceReplaced";

    /// <summary>Failed: it took longer than it may.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>Whether a procedure that has not begun waits for something that others on the same instance need not lack.</summary>
    public static bool IsOwnObstacle(string? reason) => reason is not (null or Queued or InstanceNotFound or InstancePaused or InstanceInvalid);
}
