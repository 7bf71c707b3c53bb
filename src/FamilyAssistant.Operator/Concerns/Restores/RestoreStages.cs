using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>How far a restore is. Each is written before anything is done for it; docs/restore.md describes them in this order.</summary>
internal static class RestoreStages
{
    /// <summary>The set is examined; nothing is touched.</summary>
    public const string Validating = "Validating";

    /// <summary>The parts Configuration and Secrets are opened, and objects that are missing are made.</summary>
    public const string PuttingObjects = "PuttingObjects";

    /// <summary>The instance is held at zero until its last pod is gone.</summary>
    public const string Stopping = ProcedureStages.Stopping;

    /// <summary>What is going to be replaced is saved.</summary>
    public const string SafetyBackup = "SafetyBackup";

    /// <summary>The database is replaced.</summary>
    public const string RestoringDatabase = "RestoringDatabase";

    /// <summary>The files are replaced.</summary>
    public const string RestoringFiles = "RestoringFiles";

    /// <summary>The schema is brought to the head of the image.</summary>
    public const string Migrating = "Migrating";

    /// <summary>Generated keys are replaced by those of the set.</summary>
    public const string ReplacingKeys = "ReplacingKeys";

    /// <summary>The instance is not held any more and has to become healthy.</summary>
    public const string Starting = "Starting";

    /// <summary>The tables of the running instance are compared with the set.</summary>
    public const string Checking = "Checking";

    /// <summary>What was set aside is removed: from here on nothing is put back.</summary>
    public const string CleaningUp = "CleaningUp";

    /// <summary>Something failed: everything becomes as it was before.</summary>
    public const string PuttingBack = "PuttingBack";

    /// <summary>Everything is as it was before, and the instance starts.</summary>
    public const string StartingAgain = "StartingAgain";

    /// <summary>Those of a restore that goes well, in their order.</summary>
    public static readonly IReadOnlyList<string> Forward =
        [Validating, PuttingObjects, Stopping, SafetyBackup, RestoringDatabase, RestoringFiles, Migrating, ReplacingKeys, Starting, Checking, CleaningUp];

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [.. Forward, PuttingBack, StartingAgain];

    private static readonly HashSet<string> Held = [Stopping, SafetyBackup, RestoringDatabase, RestoringFiles, Migrating, ReplacingKeys, PuttingBack];

    /// <summary>Whether no pod of the application may run. An instance that the restore itself makes is held from its birth on.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="hasBegunOnInstance">Whether the restore has seen its instance.</param>
    public static bool Holds(string? stage, bool hasBegunOnInstance) => stage is not null && (Held.Contains(stage) || (stage == PuttingObjects && !hasBegunOnInstance));

    /// <summary>Whether a stage comes at or behind another one on the way forward.</summary>
    public static bool HasReached(string? stage, string other) => stage is not null && Index(stage) >= Index(other);

    private static int Index(string stage)
    {
        for (var i = 0; i < Forward.Count; i++)
        {
            if (Forward[i] == stage)
            {
                return i;
            }
        }

        return -1;
    }
}
