using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>
/// The way back after a failure: the application stands still, no Job of the way forward is left, then database, files and keys become as they were. As long as one of that has not
/// succeeded, the instance stays stopped: it never runs on half a restore. Pure.
/// </summary>
internal static class PutBackPlan
{
    /// <summary>From the start again on; after it the restore ends, whether or not the instance is as healthy as before.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);

    /// <summary>Pure decision.</summary>
    public static RestorePlan Decide(RestorePicture picture)
    {
        if (picture.Stage == RestoreStages.StartingAgain)
        {
            return StartAgain(picture);
        }

        if (picture.Busy is { } busy)
        {
            return new RestorePlan.EndJobs(busy);
        }

        if (picture.Workload is { IsStopped: false } workload)
        {
            return RestorePlan.Wait(picture, workload.Stopping);
        }

        return Database(picture) ?? Files(picture) ?? End(picture);
    }

    private static RestorePlan? Database(RestorePicture picture)
    {
        if (!picture.Restores(BackupPart.Database) || !HasReached(picture, RestoreStages.RestoringDatabase))
        {
            return null;
        }

        if (Unfinished(picture, RestoreTool.SwapBack, "Puts the database back.") is { } unfinished)
        {
            return unfinished;
        }

        return ((ToolState.Succeeded)picture.Tool(RestoreTool.SwapBack)).Result.PutBack == ToolPutBack.NeedsSet
            ? Unfinished(picture, RestoreTool.RestoreSafety, $"Restores the database from the set of FamilyAssistantBackup {picture.SafetyName}.")
                ?? Unfinished(picture, RestoreTool.CleanUpSafety, "Removes the mark of the restore from the database.")
            : null;
    }

    private static RestorePlan? Files(RestorePicture picture) =>
        picture.Restores(BackupPart.Files) && HasReached(picture, RestoreStages.RestoringFiles) ? Unfinished(picture, RestoreTool.PutBackFiles, "Puts the files back.") : null;

    private static RestorePlan End(RestorePicture picture)
    {
        var reason = picture.Before.GetValueOrDefault(RestoreEvidence.FailedReason) ?? RestoreReasons.JobLost;
        var message = picture.Before.GetValueOrDefault(RestoreEvidence.FailedMessage) ?? "";
        ProcedureOutcome next = picture.IsInstanceTerminating
            ? new ProcedureOutcome.Failed(reason, $"{message} Everything is as it was before.")
            : picture.MakesInstance
            ? new ProcedureOutcome.Failed(
                reason,
                $"{message} FamilyAssistantInstance {picture.InstanceName}, which this restore made, is paused, so that it does not start without its data. Delete it and create another restore; or remove the annotation to let it start as a new one.")
            : new ProcedureOutcome.Working(RestoreStages.StartingAgain, $"{message} Everything is as it was before; the instance starts again.")
            {
                Before = new Dictionary<string, string> { [RestoreEvidence.StartingAgainSince] = RestorePicture.Text(picture.Now) },
            };
        return picture is { MakesInstance: true, IsInstanceTerminating: false } ? new RestorePlan.PauseInstance(next)
            : !picture.MakesInstance && picture.Restores(BackupPart.Secrets) && HasReached(picture, RestoreStages.ReplacingKeys) ? new RestorePlan.PutBackKeys(next)
            : new RestorePlan.Answer(next);
    }

    private static RestorePlan.Answer StartAgain(RestorePicture picture)
    {
        var reason = picture.Before.GetValueOrDefault(RestoreEvidence.FailedReason) ?? RestoreReasons.JobLost;
        var message = picture.Before.GetValueOrDefault(RestoreEvidence.FailedMessage) ?? "";
        if (picture.IsInstanceTerminating)
        {
            return new RestorePlan.Answer(new ProcedureOutcome.Failed(reason, $"{message} Everything is as it was before."));
        }

        if (picture.Workload is not { Replicas: > 0 } workload || workload.Missing(picture.Before) is not { } missing)
        {
            return Failed("The instance runs as before.");
        }

        var left = picture.Since(RestoreEvidence.StartingAgainSince) + StartLimit - picture.Now;
        return left <= TimeSpan.Zero || workload.Instance.ClosedGate is { Length: > 0 } && !picture.WasReady
            ? Failed($"Everything is as it was before, but the instance is not healthy yet: {missing}")
            : RestorePlan.Wait(picture, $"{message} Everything is as it was before. {missing}", left);

        RestorePlan.Answer Failed(string end) => new(new ProcedureOutcome.Failed(reason, $"{message} {(picture.Workload is { Replicas: 0 } ? "Everything is as it was before, and the instance is stopped as before." : end)}"));
    }

    private static RestorePlan? Unfinished(RestorePicture picture, RestoreTool tool, string message) => picture.Tool(tool) switch
    {
        ToolState.Absent => new RestorePlan.Run(tool, message),
        ToolState.Running running => RestorePlan.Wait(picture, running.Message, running.CheckAfter),
        ToolState.Failed failed when picture.IsInstanceTerminating => new RestorePlan.Answer(new ProcedureOutcome.Failed(ProcedureReasons.InstanceTerminating, Abandoned(picture, failed))),
        ToolState.Failed failed => new RestorePlan.Answer(new ProcedureOutcome.Waiting(RestoreReasons.PutBackFailed, Stuck(picture, failed)) { CheckAfter = TimeSpan.FromMinutes(10) }),
        _ => null,
    };

    private static string Stuck(RestorePicture picture, ToolState.Failed failed) =>
        $"What was there before could not be put back, so the instance stays stopped: {failed.Message} ({failed.Reason}) Mend that and delete the Jobs with the label family-assistant.io/procedure={picture.Name}: it is tried again. "
        + $"{(picture.SafetyName is { } safety ? $"FamilyAssistantBackup {safety} holds how it was. " : "")}docs/restore.md says how to do it by hand; after that, delete this restore and remove its finalizer, and the instance starts.";

    private static string Abandoned(RestorePicture picture, ToolState.Failed failed) =>
        $"FamilyAssistantInstance {picture.InstanceName} is being deleted, and what was there before could not be put back: {failed.Message} ({failed.Reason}) "
        + $"{(picture.SafetyName is { } safety ? $"FamilyAssistantBackup {safety} holds how it was. " : "")}docs/restore.md says how to put it back by hand.";

    private static bool HasReached(RestorePicture picture, string stage) => RestoreStages.HasReached(picture.Before.GetValueOrDefault(RestoreEvidence.FailedStage), stage);
}
