using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>From the start of the application on to the end of a restore that goes well. Pure.</summary>
internal static class FinishPlan
{
    /// <summary>A healthy application is up in a fraction of this; it includes a migration at its start.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(15);

    /// <summary>So often a container ends before it is clear that it does not start on this data.</summary>
    private const int MostRestarts = 3;

    /// <summary>So long a gate may be closed that was so before, or that nobody knows: the database has just been another one.</summary>
    public static readonly TimeSpan GateLimit = TimeSpan.FromMinutes(2);

    /// <summary>The instance is not held any more.</summary>
    public static RestorePlan.Answer Start(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return RestorePlan.Fail(picture, ended);
        }

        if (picture.Workload is not { } workload)
        {
            return RestorePlan.Wait(picture, "Waits for the instance.");
        }

        if (workload.Replicas == 0 || Missing(picture, workload) is not { } missing)
        {
            return new RestorePlan.Answer(picture.Restores(BackupPart.Database) || picture.ReplacesData ? RestorePlan.GoOn(picture) : new ProcedureOutcome.Done(RestoreExamination.Did(picture, null)));
        }

        if (workload.OwnPods.FirstOrDefault(pod => !pod.IsReady && pod.Restarts >= MostRestarts) is { } broken)
        {
            return RestorePlan.Fail(picture, new ProcedureOutcome.Failed(RestoreReasons.StartFailed, $"The application does not start on the restored data: pod {broken.Name} ended {broken.Restarts} times{(broken.LastEnd is { } end ? $", last with {end}" : "")}. It goes while everything is put back: to read why, follow the log of the application (kubectl logs -f) while another restore starts it."));
        }

        var left = picture.Since(RestoreEvidence.StartingSince) + StartLimit - picture.Now;
        var next = picture.WasReady || left < GateLimit ? left : GateLimit;
        return left <= TimeSpan.Zero
            ? RestorePlan.Fail(picture, new ProcedureOutcome.Failed(RestoreReasons.StartFailed, $"The application was not healthy within {StartLimit.TotalMinutes:0} minutes. {missing}"))
            : RestorePlan.Wait(picture, missing, next);
    }

    /// <summary>What is still waited for; null: it is as healthy as it was.</summary>
    private static string? Missing(RestorePicture picture, LiveWorkload workload)
    {
        // A gate that was closed before as well, or of an instance that never ran, is not the restore's to open.
        if (workload.Instance.ClosedGate is { } gate)
        {
            return picture.WasReady || picture.Now < picture.Since(RestoreEvidence.StartingSince) + GateLimit ? $"The application cannot start yet. {gate}" : null;
        }

        return workload.Missing(picture.WasReady ? picture.Before : new Dictionary<string, string>());
    }

    /// <summary>It runs.</summary>
    public static RestorePlan Check(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return RestorePlan.Fail(picture, ended);
        }

        if (RestorePlan.Unfinished(picture, RestoreTool.Compare, "Compares the tables with those of the set.") is { } unfinished)
        {
            return unfinished;
        }

        var result = ((ToolState.Succeeded)picture.Tool(RestoreTool.Compare)).Result;
        return RestoreExamination.Lost(picture, result.Comparison) is { } lost
            ? RestorePlan.Fail(picture, new ProcedureOutcome.Failed(RestoreReasons.TablesMissing, lost))
            : new RestorePlan.Answer(RestorePlan.GoOn(picture) with { Report = RestoreReport.Worked(RestoreTool.Compare, result) });
    }

    /// <summary>The data is in use by now. What is left over is worth a word, not a failure.</summary>
    public static RestorePlan CleanUp(RestorePicture picture) => picture.Tool(RestoreTool.CleanUp) switch
    {
        ToolState.Absent => new RestorePlan.Run(RestoreTool.CleanUp, "Removes what was set aside."),
        ToolState.Running running => RestorePlan.Wait(picture, running.Message, running.CheckAfter),
        ToolState.Failed failed => new RestorePlan.Answer(new ProcedureOutcome.Done(RestoreExamination.Did(picture, $"What was set aside could not be removed: {failed.Message} docs/restore.md says how to remove it by hand.")) { Report = RestoreReport.Revision(picture.Revision) }),
        _ => new RestorePlan.Answer(new ProcedureOutcome.Done(RestoreExamination.Did(picture, null)) { Report = RestoreReport.Revision(picture.Revision) }),
    };
}
