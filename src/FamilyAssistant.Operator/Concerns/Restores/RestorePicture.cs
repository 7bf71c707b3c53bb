using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>Everything that the next step of a restore follows from, read live a moment ago.</summary>
internal sealed record RestorePicture
{
    /// <summary>Name of the restore.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the instance.</summary>
    public required string InstanceName { get; init; }

    /// <summary>What is asked for.</summary>
    public required RestoreSpec Spec { get; init; }

    /// <summary>The stage in the status; null: none yet.</summary>
    public required string? Stage { get; init; }

    /// <summary>What was recorded.</summary>
    public required IReadOnlyDictionary<string, string> Before { get; init; }

    /// <summary>The set as its manifest says; null until it was examined.</summary>
    public RestoredSet? Set { get; init; }

    /// <summary>Name of the safety backup; null: there is none.</summary>
    public string? SafetyName { get; init; }

    /// <summary>When the pass began.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Why it has to come to an end: it or its instance was deleted, it was edited, or its time is up. Null: it goes on.</summary>
    public ProcedureOutcome.Failed? Ended { get; init; }

    /// <summary>What was found at the first look: where the set is, or why nothing can begin.</summary>
    public RestoreOrigin? Origin { get; init; }

    /// <summary>The application; null: there is no instance.</summary>
    public LiveWorkload? Workload { get; init; }

    /// <summary>Found at the first look: the data volume is older than the instance, so it has files although no application of this one ever ran.</summary>
    public bool HasOldFiles { get; init; }

    /// <summary>Whether the instance is being deleted, which waits until what was there before is put back.</summary>
    public bool IsInstanceTerminating { get; init; }

    /// <summary>Why the instance's database cannot be used now; null: it can.</summary>
    public string? DatabaseObstacle { get; init; }

    /// <summary>Whether the instance has a <c>spec.backup</c>.</summary>
    public bool HasBackupPolicy { get; init; }

    /// <summary>Keys in force that are not those of the set; empty while the set is unknown.</summary>
    public IReadOnlyList<string> DifferentKeys { get; init; } = [];

    /// <summary>Alembic revision that the instance reports of its database.</summary>
    public string? Revision { get; init; }

    /// <summary>The safety backup.</summary>
    public SafetyState Safety { get; init; } = new SafetyState.Absent();

    /// <summary>A Job of the way forward that has not ended, or whose pod is still there; null: none.</summary>
    public string? Busy { get; init; }

    /// <summary>The Jobs that matter in this stage.</summary>
    public required Func<RestoreTool, ToolState> Tool { get; init; }

    /// <summary>Whether there is an instance.</summary>
    public bool HasInstance => Workload is not null;

    /// <summary>Whether the instance did not exist when the restore began, so that the restore makes it.</summary>
    public bool MakesInstance => Before.GetValueOrDefault(RestoreEvidence.Missing) == "True";

    /// <summary>Whether its application had ever been started before, or that of an earlier instance on the same volume.</summary>
    public bool WasStarted => Before.GetValueOrDefault(RestoreEvidence.Started) == "True";

    /// <summary>Whether the instance was Ready before.</summary>
    public bool WasReady => Before.GetValueOrDefault(LiveWorkload.ReadyEvidence) == "True";

    /// <summary>Whether the database had rows before; null: not known yet.</summary>
    public bool? HadData => Before.TryGetValue(RestoreEvidence.Data, out var data) ? data == "True" : null;

    /// <summary>A time that was recorded; now when it was not.</summary>
    public DateTimeOffset Since(string evidence) =>
        DateTimeOffset.TryParse(Before.GetValueOrDefault(evidence), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : Now;

    /// <summary>A time as it is recorded.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a part is put back.</summary>
    public bool Restores(BackupPart part) => Spec.Parts.Contains(part);

    /// <summary>Whether anything is replaced for which the application has to stand still.</summary>
    public bool ReplacesData => Restores(BackupPart.Database) || Restores(BackupPart.Files);

    /// <summary>Whether objects are made or keys replaced.</summary>
    public bool PutsObjects => Restores(BackupPart.Configuration) || Restores(BackupPart.Secrets);
}

/// <summary>Names of what a restore records in <c>status.before</c>.</summary>
internal static class RestoreEvidence
{
    /// <summary>PersistentVolumeClaim of the set.</summary>
    public const string Claim = "set.claim";

    /// <summary>Folder of the set's instance.</summary>
    public const string Folder = "set.instance";

    /// <summary>Id of the set.</summary>
    public const string SetId = "set.id";

    /// <summary>Whether the instance did not exist.</summary>
    public const string Missing = "instance.missing";

    /// <summary>Whether its data volume had been in use.</summary>
    public const string Started = "instance.started";

    /// <summary>Whether the database had rows.</summary>
    public const string Data = "database.hasData";

    /// <summary>How the database was replaced.</summary>
    public const string Mode = "database.mode";

    /// <summary>Since when the instance starts.</summary>
    public const string StartingSince = "starting.since";

    /// <summary>Since when it starts again.</summary>
    public const string StartingAgainSince = "startingAgain.since";

    /// <summary>Stage that failed.</summary>
    public const string FailedStage = "failed.stage";

    /// <summary>Why.</summary>
    public const string FailedReason = "failed.reason";

    /// <summary>The same as a sentence.</summary>
    public const string FailedMessage = "failed.message";
}

/// <summary>Where a set is, or why it cannot be restored.</summary>
internal abstract record RestoreOrigin
{
    private RestoreOrigin()
    {
    }

    /// <summary>Here.</summary>
    /// <param name="Claim">PersistentVolumeClaim.</param>
    /// <param name="Instance">Folder of the instance on it.</param>
    /// <param name="SetId">Id of the set.</param>
    internal sealed record Found(string Claim, string Instance, string SetId) : RestoreOrigin;

    /// <summary>Not at all.</summary>
    internal sealed record Refused(string Reason, string Message) : RestoreOrigin;
}

/// <summary>How far the safety backup is.</summary>
internal abstract record SafetyState
{
    private SafetyState()
    {
    }

    /// <summary>There is none.</summary>
    internal sealed record Absent : SafetyState;

    /// <summary>It is being made.</summary>
    internal sealed record Running(string Message) : SafetyState;

    /// <summary>It is complete.</summary>
    internal sealed record Completed : SafetyState;

    /// <summary>It failed, or something else has its name.</summary>
    internal sealed record Failed(string Message) : SafetyState;
}
