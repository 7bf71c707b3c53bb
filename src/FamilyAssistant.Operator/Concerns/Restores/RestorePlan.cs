using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>The next step of a restore. The way forward is here, the way back in <see cref="PutBackPlan"/>. Pure.</summary>
internal abstract record RestorePlan
{
    private RestorePlan()
    {
    }

    /// <summary>Nothing to do but to say this.</summary>
    internal sealed record Answer(ProcedureOutcome Outcome) : RestorePlan;

    /// <summary>Make this Job.</summary>
    internal sealed record Run(RestoreTool Tool, string Message) : RestorePlan;

    /// <summary>Make the safety backup of these parts.</summary>
    internal sealed record MakeSafety(IReadOnlyList<BackupPart> Parts) : RestorePlan;

    /// <summary>Make the objects of the set that are missing, then go on with this.</summary>
    internal sealed record PutObjects(ProcedureOutcome Next) : RestorePlan;

    /// <summary>Replace the generated keys, then go on with this.</summary>
    internal sealed record ReplaceKeys(ProcedureOutcome Next) : RestorePlan;

    /// <summary>End the Jobs of the way forward.</summary>
    internal sealed record EndJobs(string Message) : RestorePlan;

    /// <summary>Give the generated keys of before back, then go on with this.</summary>
    internal sealed record PutBackKeys(ProcedureOutcome Next) : RestorePlan;

    /// <summary>Pause the instance that the restore made, then end with this.</summary>
    internal sealed record PauseInstance(ProcedureOutcome Next) : RestorePlan;

    /// <summary>Pure decision.</summary>
    public static RestorePlan Decide(RestorePicture picture) => picture.Stage switch
    {
        null => Begin(picture),
        RestoreStages.Validating => Validate(picture),
        RestoreStages.PuttingObjects => OpenParts(picture),
        RestoreStages.Stopping => Stop(picture),
        RestoreStages.SafetyBackup => Save(picture),
        RestoreStages.RestoringDatabase => Replace(picture, RestoreTool.RestoreDatabase, "Restores the database."),
        RestoreStages.RestoringFiles => Replace(picture, RestoreTool.RestoreFiles, "Restores the files."),
        RestoreStages.Migrating => Replace(picture, RestoreTool.Migrate, "Brings the schema to the head of the image."),
        RestoreStages.ReplacingKeys => picture.Ended is { } ended ? Fail(picture, ended) : new ReplaceKeys(GoOn(picture)),
        RestoreStages.Starting => FinishPlan.Start(picture),
        RestoreStages.Checking => FinishPlan.Check(picture),
        RestoreStages.CleaningUp => FinishPlan.CleanUp(picture),
        _ => PutBackPlan.Decide(picture),
    };

    /// <summary>The stage behind this one for what is asked for.</summary>
    public static string StageAfter(RestorePicture picture, bool hadData)
    {
        foreach (var stage in RestoreStages.Forward.SkipWhile(stage => stage != picture.Stage).Skip(1))
        {
            var needed = stage switch
            {
                RestoreStages.PuttingObjects => picture.PutsObjects,
                RestoreStages.Stopping => picture.ReplacesData || picture.Restores(BackupPart.Secrets) || picture.MakesInstance,
                RestoreStages.SafetyBackup => SafetyParts(picture, hadData).Count > 0,
                RestoreStages.RestoringDatabase => picture.Restores(BackupPart.Database),
                RestoreStages.RestoringFiles => picture.Restores(BackupPart.Files),

                // What never had a schema gets one from the application itself.
                RestoreStages.Migrating => picture.Restores(BackupPart.Database) && !string.IsNullOrEmpty(picture.Set?.Revision),
                RestoreStages.ReplacingKeys => picture.Restores(BackupPart.Secrets),
                RestoreStages.Checking => picture.Restores(BackupPart.Database),
                RestoreStages.CleaningUp => picture.ReplacesData,
                _ => true,
            };
            if (needed)
            {
                return stage;
            }
        }

        return RestoreStages.CleaningUp;
    }

    /// <summary>What has to be saved: what is replaced and has been in use.</summary>
    public static IReadOnlyList<BackupPart> SafetyParts(RestorePicture picture, bool hadData) =>
    [
        .. picture.Restores(BackupPart.Database) && hadData ? [BackupPart.Database] : Array.Empty<BackupPart>(),
        .. picture.Restores(BackupPart.Files) && picture.WasStarted ? [BackupPart.Files] : Array.Empty<BackupPart>(),
    ];

    /// <summary>Ends with a failure: at once while nothing was touched, otherwise by putting everything back.</summary>
    public static Answer Fail(RestorePicture picture, ProcedureOutcome.Failed failure)
    {
        var isTouched = RestoreStages.HasReached(picture.Stage, RestoreStages.RestoringDatabase)
            || (picture.MakesInstance && picture.HasInstance && RestoreStages.HasReached(picture.Stage, RestoreStages.PuttingObjects));
        return !isTouched
            ? new Answer(new ProcedureOutcome.Failed(failure.Reason, $"{failure.Message} Nothing was replaced.{(RestoreStages.HasReached(picture.Stage, RestoreStages.Stopping) && !picture.IsInstanceTerminating ? " The instance starts again." : "")}"))
            : new Answer(new ProcedureOutcome.Working(RestoreStages.PuttingBack, $"{failure.Message} Puts everything back as it was before.")
            {
                Before = new Dictionary<string, string>
                {
                    [RestoreEvidence.FailedStage] = picture.Stage!,
                    [RestoreEvidence.FailedReason] = failure.Reason,
                    [RestoreEvidence.FailedMessage] = failure.Message,
                },
            });
    }

    /// <summary>What a Job that has not succeeded means; null: it has.</summary>
    public static RestorePlan? Unfinished(RestorePicture picture, RestoreTool tool, string message) => picture.Tool(tool) switch
    {
        ToolState.Absent => new Run(tool, message),
        ToolState.Running running => Wait(picture, running.Message, running.CheckAfter),
        ToolState.Failed failed => Fail(picture, new ProcedureOutcome.Failed(failed.Reason, failed.Message)),
        _ => null,
    };

    /// <summary>Stays in the stage.</summary>
    public static Answer Wait(RestorePicture picture, string message, TimeSpan? checkAfter = null) => new(new ProcedureOutcome.Working(picture.Stage!, message) { CheckAfter = checkAfter });

    private static Answer Begin(RestorePicture picture)
    {
        if (picture.Origin is not RestoreOrigin.Found origin)
        {
            var (reason, message) = picture.Origin is RestoreOrigin.Refused refused ? (refused.Reason, refused.Message) : (ProcedureReasons.InvalidSpec, "spec.source names no set.");
            return new Answer(new ProcedureOutcome.Failed(reason, message));
        }

        var workload = picture.Workload;
        var before = workload?.Evidence() ?? [];
        before[RestoreEvidence.Claim] = origin.Claim;
        before[RestoreEvidence.Folder] = origin.Instance;
        before[RestoreEvidence.SetId] = origin.SetId;
        before[RestoreEvidence.Missing] = workload is null ? "True" : "False";
        before[RestoreEvidence.Started] = workload?.Set is null && !picture.HasOldFiles ? "False" : "True";
        return new Answer(new ProcedureOutcome.Working(RestoreStages.Validating, $"Examines set {origin.SetId} on PersistentVolumeClaim {origin.Claim}.") { Before = before });
    }

    private static RestorePlan Validate(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return Fail(picture, ended);
        }

        if (picture is { HasInstance: true, DatabaseObstacle: { } obstacle } && picture.Restores(BackupPart.Database))
        {
            return Wait(picture, $"Waits for the instance's database. {obstacle}");
        }

        if (Unfinished(picture, RestoreTool.Inspect, "Examines the set: manifest, checksums, versions.") is { } unfinished)
        {
            return unfinished;
        }

        var result = ((ToolState.Succeeded)picture.Tool(RestoreTool.Inspect)).Result;
        if (RestoreExamination.Refusal(picture, result) is { } refusal)
        {
            return Fail(picture, refusal);
        }

        var known = picture with { Set = RestoreExamination.SetOf(picture, result.Manifest!) };
        var hadData = result.Target?.HasData;
        if (picture.Spec.DryRun)
        {
            return new Answer(new ProcedureOutcome.Done(RestoreExamination.WouldDo(known, hadData ?? false)) { Report = RestoreReport.Set(known.Set!) });
        }

        var stage = StageAfter(known, hadData ?? false);
        var before = hadData is null ? null : new Dictionary<string, string> { [RestoreEvidence.Data] = hadData.Value ? "True" : "False" };
        return new Answer(new ProcedureOutcome.Working(stage, $"Set {known.Set!.SetId} is whole.") { Before = before, Report = RestoreReport.Set(known.Set) });
    }

    private static RestorePlan OpenParts(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return Fail(picture, ended);
        }

        if (Unfinished(picture, RestoreTool.OpenParts, "Opens the parts Configuration and Secrets.") is { } unfinished)
        {
            return unfinished;
        }

        return new PutObjects(!picture.ReplacesData && !picture.Restores(BackupPart.Secrets) && !picture.MakesInstance
            ? new ProcedureOutcome.Done("The objects of the set that were missing are made.")
            : GoOn(picture));
    }

    private static RestorePlan Stop(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return Fail(picture, ended);
        }

        if (picture.Workload is not { } workload)
        {
            return Wait(picture, "Waits for the instance.", TimeSpan.FromSeconds(2));
        }

        if (!workload.IsStopped)
        {
            return Wait(picture, workload.Stopping);
        }

        if (!picture.Restores(BackupPart.Database) || picture.HadData is not null)
        {
            return new Answer(GoOn(picture));
        }

        if (picture.DatabaseObstacle is { } obstacle)
        {
            return Wait(picture, $"Waits for the instance's database. {obstacle}");
        }

        if (Unfinished(picture, RestoreTool.Examine, "Looks whether the database has rows.") is { } unfinished)
        {
            return unfinished;
        }

        var hadData = ((ToolState.Succeeded)picture.Tool(RestoreTool.Examine)).Result.Target?.HasData ?? true;
        return hadData && !picture.HasBackupPolicy
            ? Fail(picture, RestoreExamination.NotConfigured(picture))
            : new Answer(GoOn(picture, hadData) with { Before = new Dictionary<string, string> { [RestoreEvidence.Data] = hadData ? "True" : "False" } });
    }

    private static RestorePlan Save(RestorePicture picture)
    {
        if (picture.Ended is { } ended)
        {
            return Fail(picture, ended);
        }

        return picture.Safety switch
        {
            SafetyState.Absent when !picture.HasBackupPolicy => Fail(picture, RestoreExamination.NotConfigured(picture)),
            SafetyState.Absent => new MakeSafety(SafetyParts(picture, picture.HadData ?? true)),
            // Who made it may have ended before it wrote its name down.
            SafetyState.Running running => new Answer(new ProcedureOutcome.Working(picture.Stage!, running.Message) { Report = RestoreReport.Safety(picture.SafetyName!) }),
            SafetyState.Failed failed => Fail(picture, new ProcedureOutcome.Failed(RestoreReasons.SafetyBackupFailed, failed.Message)),
            _ => new Answer(GoOn(picture) with { Report = RestoreReport.Safety(picture.SafetyName!) }),
        };
    }

    private static RestorePlan Replace(RestorePicture picture, RestoreTool tool, string message)
    {
        if (picture.Ended is { } ended)
        {
            return Fail(picture, ended);
        }

        // The hold keeps it at zero; this is the look before what cannot be undone.
        if (picture.Workload is not { IsStopped: true })
        {
            return Wait(picture, picture.Workload?.Stopping ?? "Waits for the instance.");
        }

        if (Unfinished(picture, tool, message) is { } unfinished)
        {
            return unfinished;
        }

        var result = ((ToolState.Succeeded)picture.Tool(tool)).Result;
        var next = GoOn(picture);
        return new Answer(next with
        {
            Before = result.Mode is { } mode ? With(next.Before, RestoreEvidence.Mode, mode.ToString()) : next.Before,
            Report = RestoreReport.Worked(tool, result),
        });
    }

    /// <summary>The next stage, with what will be done in it.</summary>
    public static ProcedureOutcome.Working GoOn(RestorePicture picture, bool? hadData = null)
    {
        var next = StageAfter(picture, hadData ?? picture.HadData ?? true);
        return new ProcedureOutcome.Working(next, next switch
        {
            RestoreStages.Stopping => "Stops the instance.",
            RestoreStages.SafetyBackup => "Saves what is going to be replaced.",
            RestoreStages.RestoringDatabase => "Restores the database.",
            RestoreStages.RestoringFiles => "Restores the files.",
            RestoreStages.Migrating => "Brings the schema to the head of the image.",
            RestoreStages.ReplacingKeys => "Replaces the generated keys by those of the set.",
            RestoreStages.Starting => "Starts the instance.",
            RestoreStages.Checking => "Compares the tables with those of the set.",
            _ => "Removes what was set aside.",
        })
        {
            Before = next == RestoreStages.Starting ? With(null, RestoreEvidence.StartingSince, RestorePicture.Text(picture.Now)) : null,
        };
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? before, string key, string value) => new(before ?? new Dictionary<string, string>()) { [key] = value };
}
