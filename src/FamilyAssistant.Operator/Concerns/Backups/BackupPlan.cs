using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What follows from how the Job of a stage is. Pure.</summary>
internal abstract record BackupPlan
{
    /// <summary>A Job that does not start is looked at again without a change of it.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private BackupPlan()
    {
    }

    /// <summary>Nothing but to say so.</summary>
    internal sealed record Answer(ProcedureOutcome Outcome) : BackupPlan;

    /// <summary>Make the Job of the stage.</summary>
    internal sealed record Start : BackupPlan;

    /// <summary>The decision in a stage.</summary>
    public static BackupPlan Decide(BackupProgress now) => now.Job switch
    {
        JobState.Succeeded(var result, _) => new Answer(Reported(now, result)),
        JobState.Failed(var result) => new Answer(new ProcedureOutcome.Failed(result.Reason!, $"{result.Message}{Remains(now)}")),
        JobState.Foreign(var message) => new Answer(new ProcedureOutcome.Failed(BackupReasons.NameConflict, message)),
        JobState.DeadlineExceeded => new Answer(Late(now)),
        _ when now.Left <= TimeSpan.Zero => new Answer(Late(now)),
        JobState.Lost(var message) => new Answer(Again(now, message)),
        JobState.Running(var problem) => new Answer(new ProcedureOutcome.Working(now.Stage.Word, problem?.Message ?? Doing(now)) { CheckAfter = Soon(now.Left) }),
        _ => new Start(),
    };

    /// <summary>The stage just entered or its Job just made.</summary>
    public static ProcedureOutcome.Working Started(BackupProgress now) => new(now.Stage.Word, Doing(now)) { CheckAfter = Soon(now.Left) };

    private static ProcedureOutcome Reported(BackupProgress now, ToolResult result)
    {
        if (Contradiction(now, result) is { } contradiction)
        {
            return new ProcedureOutcome.Failed(BackupReasons.ResultInvalid, $"The Job ended well, but what it reported is not the set that was asked for: {contradiction}. See that nothing else writes to the volume of the sets, and create another backup.");
        }

        if (now.Stage.Work == BackupStages.Verifying)
        {
            return new ProcedureOutcome.Done($"Set {now.SetId} is complete, was read again and restored for a test in {result.Verified!.RestoreSeconds} seconds with {result.Verified.Rows} rows.")
            {
                Report = status => ((BackupStatus)status) with { Verified = VerifiedOf(result.Verified, now.Now) },
            };
        }

        Func<ProcedureStatus, ProcedureStatus> report = status => BackupReport.Fill((BackupStatus)status, result.Manifest!, result.Seconds);
        return now.Restores
            ? new ProcedureOutcome.Working(BackupStages.Verifying, $"Set {now.SetId} is complete and was read again; it is restored for a test.") { Report = report }
            : new ProcedureOutcome.Done($"Set {now.SetId} is complete and was read again.") { Report = report };
    }

    /// <summary>A test restore as it stands in a status.</summary>
    public static BackupVerified VerifiedOf(ToolVerified verified, DateTimeOffset time) =>
        new() { Time = BackupReport.Text(time), Rows = verified.Rows, RestoreSeconds = verified.RestoreSeconds };

    /// <summary>What in a result is not what was asked for; null: nothing. Only a set that is the backup's own, with every part, makes it completed.</summary>
    private static string? Contradiction(BackupProgress now, ToolResult result) => result.Manifest switch
    {
        null => "there is no manifest in it",
        { } other when other.SetId != now.SetId => $"it speaks of set {other.SetId}",
        { } other when other.Instance.Name != now.Instance => $"it speaks of instance {other.Instance.Name}",
        { } manifest when now.Include.FirstOrDefault(part => manifest.Parts?.Any(made => made.Name == part) != true) is var part && now.Include.Any(wanted => manifest.Parts?.Any(made => made.Name == wanted) != true) => $"the part {part} is missing",
        _ when now.Stage.Work == BackupStages.Verifying && now.Include.Contains(BackupPart.Database) && result.Verified is null => "there is no test restore in it",
        _ => null,
    };

    private static ProcedureOutcome Again(BackupProgress now, string message) => now.Stage.Again is { } next
        ? new ProcedureOutcome.Working(next.Word, $"{message} Another Job is started.") { Report = status => ((BackupStatus)status) with { Attempts = (((BackupStatus)status).Attempts ?? 1) + 1 } }
        : new ProcedureOutcome.Failed(BackupReasons.PodLost, $"{message} It was the last of {BackupStages.MostAttempts} Jobs whose pod was lost. See why pods end on these nodes (memory, disk, eviction), and create another backup.{Remains(now)}");

    private static ProcedureOutcome.Failed Late(BackupProgress now) => new(
        ProcedureReasons.DeadlineExceeded,
        string.Create(CultureInfo.InvariantCulture, $"Not done within {now.Deadline.TotalMinutes:0} minutes (spec.deadline, or spec.backup.deadline of the instance). Give it more time. Last seen: {now.LastSeen}{Remains(now)}"));

    /// <summary>Of a set that is there and was not proven people should know.</summary>
    private static string Remains(BackupProgress now) => now.Stage.Work == BackupStages.Verifying ? $" The set {now.SetId} is on the volume." : "";

    private static string Doing(BackupProgress now) => now.Stage.Work == BackupStages.Making
        ? $"Set {now.SetId} is being made ({string.Join(", ", now.Include)})."
        : $"Set {now.SetId} is restored for a test.";

    private static TimeSpan Soon(TimeSpan left) => left < Look ? left : Look;
}

/// <summary>A backup that has begun, and the Job of its stage.</summary>
internal sealed record BackupProgress
{
    /// <summary>Name of the instance.</summary>
    public required string Instance { get; init; }

    /// <summary>Id of the set.</summary>
    public required string SetId { get; init; }

    /// <summary>Parts of the set.</summary>
    public required IReadOnlyList<BackupPart> Include { get; init; }

    /// <summary>Whether a test restore is asked for.</summary>
    public required bool Restores { get; init; }

    /// <summary>The stage.</summary>
    public required BackupStages Stage { get; init; }

    /// <summary>Its Job.</summary>
    public required JobState Job { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>What is left of that.</summary>
    public required TimeSpan Left { get; init; }

    /// <summary>What was last said of it.</summary>
    public required string LastSeen { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }
}
