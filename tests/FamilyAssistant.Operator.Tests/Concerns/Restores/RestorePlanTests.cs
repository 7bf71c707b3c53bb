using CsCheck;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>The plan from one stage to the next, and from everything that can go wrong back to how it was.</summary>
public sealed class RestorePlanTests
{
    private static readonly BackupPart[] Everything = [BackupPart.Database, BackupPart.Files, BackupPart.Configuration, BackupPart.Secrets];

    [Fact]
    public void Database_and_files_of_a_backup_go_through_every_stage_that_they_need()
    {
        var world = new SimulatedRestore();

        world.Run();

        world.Stages.ShouldBe(["Validating", "Stopping", "SafetyBackup", "RestoringDatabase", "RestoringFiles", "Migrating", "Starting", "Checking", "CleaningUp"]);
        (world.Phase, world.Database, world.Files, world.Keys, world.Runs).ShouldBe(("Completed", "set", "set", "old", true), world.Message);
    }

    [Fact]
    public void On_an_empty_cluster_the_instance_is_made_and_nothing_has_to_be_saved()
    {
        var world = OnEmptyCluster();

        world.Run();

        world.Stages.ShouldBe(["Validating", "PuttingObjects", "Stopping", "RestoringDatabase", "RestoringFiles", "Migrating", "ReplacingKeys", "Starting", "Checking", "CleaningUp"]);
        (world.Phase, world.HasSafety, world.IsPaused).ShouldBe(("Completed", false, false), world.Message);
        world.Ran.ShouldContain(RestoreTool.Examine);
    }

    [Fact]
    public void A_dry_run_examines_and_says_what_would_be_done()
    {
        var world = new SimulatedRestore();
        world.Spec = world.Spec with { DryRun = true };

        world.Run();

        world.Ran.ShouldBe([RestoreTool.Inspect]);
        world.Message.ShouldBe("Dry run, nothing was changed. Set 20261126t020000z-3f2a9c1b of 2026-11-26T02:00:00Z (1,000 bytes) is whole. It would stop the instance, save Database and Files in another set, replace its database by 7 rows of revision abc123 (PostgreSQL 17.6), replace the files on its data volume, and start the instance.");
    }

    [Fact]
    public void A_stopped_instance_stays_stopped()
    {
        var world = new SimulatedRestore { Replicas = 0 };

        world.Run();

        (world.Phase, world.Runs).ShouldBe(("Completed", false));
        world.Message.ShouldContain("stays stopped, as spec.replicas says");
    }

    [Theory]
    [InlineData("RowsDiffer", RestoreTool.RestoreDatabase)]
    [InlineData("DiskFull", RestoreTool.RestoreFiles)]
    [InlineData("MigrationFailed", RestoreTool.Migrate)]
    [InlineData("DatabaseUnreachable", RestoreTool.Compare)]
    public void What_fails_behind_the_first_change_is_put_back_and_the_reason_is_that_of_the_step(string reason, object failing)
    {
        var world = new SimulatedRestore { Ends = tool => tool.Equals(failing) ? new ToolState.Failed(reason, "It is so.") : null };

        world.Run();

        (world.Phase, world.Reason, world.Database, world.Files, world.Runs).ShouldBe(("Failed", reason, "old", "old", true));
        world.Message.ShouldBe("It is so. The instance runs as before.");
        world.Stages.TakeLast(2).ShouldBe(["PuttingBack", "StartingAgain"]);
    }

    [Theory]
    [InlineData("SetNotFound")]
    [InlineData("ChecksumMismatch")]
    [InlineData("ForeignSet")]
    public void A_set_that_is_not_whole_touches_nothing(string reason)
    {
        var world = new SimulatedRestore { Ends = _ => new ToolState.Failed(reason, "It is so.") };

        world.Run();

        (world.Phase, world.Reason, world.Runs).ShouldBe(("Failed", reason, true));
        world.Stages.ShouldBe(["Validating"]);
        world.Ran.ShouldBe([RestoreTool.Inspect]);
    }

    [Fact]
    public void Keys_that_differ_end_it_before_anything_unless_somebody_accepts_it()
    {
        var refused = new SimulatedRestore { DifferentKeys = ["VAPID_PRIVATE_KEY"] };
        var accepted = new SimulatedRestore { DifferentKeys = ["VAPID_PRIVATE_KEY"] };
        accepted.Spec = accepted.Spec with { AcceptKeyChange = true };

        refused.Run();
        accepted.Run();

        (refused.Reason, refused.Database, refused.Stages.Count).ShouldBe((RestoreReasons.KeysDiffer, "old", 1));
        refused.Message.ShouldContain("VAPID_PRIVATE_KEY of instance fa is not what the set was made with");
        refused.Message.ShouldContain("spec.acceptKeyChange: true");
        accepted.Phase.ShouldBe("Completed");
    }

    [Fact]
    public void Data_that_cannot_be_saved_first_is_not_replaced()
    {
        var world = new SimulatedRestore { HasBackupPolicy = false };

        world.Run();

        (world.Reason, world.Database, world.Stages.Count).ShouldBe((RestoreReasons.BackupNotConfigured, "old", 1));
    }

    [Fact]
    public void A_safety_backup_that_fails_ends_it_and_the_instance_starts_again()
    {
        var world = new SimulatedRestore { SafetyEnds = new SafetyState.Failed("No room.") };

        world.Run();

        (world.Reason, world.Database, world.Runs).ShouldBe((RestoreReasons.SafetyBackupFailed, "old", true));
        world.Message.ShouldBe("No room. Nothing was replaced. The instance starts again.");
    }

    [Fact]
    public void Where_nothing_could_be_set_aside_the_safety_set_is_put_back()
    {
        var world = new SimulatedRestore { NeedsSet = true, StartsOnSet = false };

        world.Run();

        (world.Reason, world.Database, world.Runs).ShouldBe((RestoreReasons.StartFailed, "old", true));
        world.Ran.SkipWhile(tool => tool != RestoreTool.RestoreSafety).ShouldBe([RestoreTool.RestoreSafety, RestoreTool.CleanUpSafety, RestoreTool.PutBackFiles]);
    }

    [Fact]
    public void What_cannot_be_put_back_leaves_the_instance_stopped_and_is_not_the_end()
    {
        var world = new SimulatedRestore { Ends = tool => tool is RestoreTool.Migrate or RestoreTool.SwapBack ? new ToolState.Failed("DatabaseUnreachable", "It is so.") : null };

        world.Run();

        (world.Phase, world.Reason, world.Runs).ShouldBe(("Running", RestoreReasons.PutBackFailed, false));
        world.Message.ShouldContain("FamilyAssistantBackup back-safety holds how it was.");
    }

    [Fact]
    public void An_instance_that_is_being_deleted_is_not_held_by_what_cannot_be_put_back()
    {
        var world = new SimulatedRestore { IsTerminating = true, Ends = tool => tool is RestoreTool.Migrate or RestoreTool.SwapBack ? new ToolState.Failed("DatabaseUnreachable", "It is so.") : null };

        world.Run();

        (world.Phase, world.Reason).ShouldBe(("Failed", ProcedureReasons.InstanceTerminating));
        world.Message.ShouldContain("could not be put back: It is so. (DatabaseUnreachable) FamilyAssistantBackup back-safety holds how it was.");
    }

    [Fact]
    public void An_instance_that_the_restore_made_is_paused_when_it_fails()
    {
        var world = OnEmptyCluster();
        world.Ends = tool => tool == RestoreTool.RestoreDatabase ? new ToolState.Failed("DiskFull", "It is so.") : null;

        world.Run();

        (world.Phase, world.Reason, world.IsPaused, world.Runs).ShouldBe(("Failed", "DiskFull", true, false));
    }

    [Fact]
    public void An_application_that_does_not_become_healthy_in_time_is_put_back()
    {
        var world = new SimulatedRestore();
        while (world.Stage != RestoreStages.Starting)
        {
            world.Pass();
            if (world.Stage != RestoreStages.Starting)
            {
                world.Others();
            }
        }

        world.Passed = FinishPlan.StartLimit + TimeSpan.FromSeconds(1);
        world.Pass();

        world.Stage.ShouldBe(RestoreStages.PuttingBack);
        world.Run();
        (world.Reason, world.Database).ShouldBe((RestoreReasons.StartFailed, "old"));
    }

    [Fact]
    public void Wherever_it_is_interrupted_it_comes_to_one_of_two_ends_and_never_runs_on_half_of_it() => Gen.Select(
            Gen.Int[0, 40], Gen.Int[-1, 40], Gen.Int[0, 14], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 2])
        .Sample((dies, ends, failing, needsSet, starts, exists, why) =>
        {
            var world = exists ? new SimulatedRestore() : OnEmptyCluster();
            world.NeedsSet = needsSet && exists;
            world.StartsOnSet = starts;
            var bad = failing < RestoreTools.Forward.Count ? RestoreTools.Forward[failing] : (RestoreTool?)null;
            world.Ends = tool => tool == bad ? SimulatedRestore.Lost : null;
            for (var i = 0; i < 120 && !world.IsFinal; i++)
            {
                if (i == ends)
                {
                    world.Ended = new ProcedureOutcome.Failed(((string[])[ProcedureReasons.DeadlineExceeded, ProcedureReasons.Deleted, ProcedureReasons.InstanceTerminating])[why], "It is so.");
                    world.IsTerminating = why == 2 && world.Exists;
                }

                world.Pass(dies: i == dies);
                world.Others();
                if (world.Runs)
                {
                    world.Database.ShouldNotBe("half");
                    world.Files.ShouldNotBe("half");
                }
            }

            world.Others();
            world.IsFinal.ShouldBeTrue($"{world.Stage}: {world.Message}");
            if (world.Stages.Contains(RestoreStages.RestoringDatabase) && world.HasSafety)
            {
                world.ToldSafety.ShouldBe("back-safety");
            }

            if (world.Phase == ProcedurePhases.Completed)
            {
                (world.Database, world.Files).ShouldBe(("set", "set"));
            }
            else
            {
                // The keys of an instance that the restore made are the set's from its birth on.
                (world.Database, world.Files, exists ? world.Keys : "old").ShouldBe(("old", "old", "old"), $"{string.Join(' ', world.Stages)}: {world.Message}");
                (world.Runs || world.IsPaused || world.IsTerminating || !world.Exists).ShouldBeTrue(world.Message);
            }
        }, iter: 3000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_that_outlived_an_earlier_instance_are_saved_before_those_of_the_set_come(bool hasBackupPolicy)
    {
        var world = OnEmptyCluster();
        world.HasOldFiles = true;
        world.HasBackupPolicy = hasBackupPolicy;

        world.Run();

        world.HasSafety.ShouldBe(hasBackupPolicy);
        (world.Phase, world.Reason, world.Files).ShouldBe(hasBackupPolicy ? (ProcedurePhases.Completed, "Completed", "set") : (ProcedurePhases.Failed, RestoreReasons.BackupNotConfigured, "old"));
    }

    private static SimulatedRestore OnEmptyCluster() => new()
    {
        Exists = false,
        WasStarted = false,
        HasData = false,
        HasBackupPolicy = false,
        Spec = new RestoreSpec
        {
            InstanceRef = new() { Name = "fa" },
            Source = new RestoreSource { Volume = new RestoreVolume { ClaimName = "old-backups", SetId = "20261126t020000z-3f2a9c1b" } },
            Parts = Everything,
            PassphraseSecretRef = new PassphraseReference { Name = "passphrase" },
        },
    };
}
