using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>From what somebody asked for to the end of its last Job.</summary>
public sealed class BackupHandlerTests
{
    private readonly BackupWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task A_set_is_made_by_one_Job_of_which_nothing_is_left()
    {
        _world.Create();
        await _world.SettleAsync();

        (_world.Status!.Phase, _world.Status.Stage, _world.Status.SetId).ShouldBe(("Running", "Making", BackupWorld.SetId));
        _world.Jobs.ShouldBe([BackupWorld.Job("make-1")]);
        Cluster.Writes.Select(Short).ShouldBe(["patch FamilyAssistantInstance", "patch status", "create Secret", "create Job"], "the stage stands in the status before anything is made for it");

        JobPods.Succeed(Cluster, BackupWorld.Job("make-1"), BackupWorld.Manifest());
        await _world.PassAsync();
        (_world.Status!.Phase, _world.Status.Rows).ShouldBe(("Completed", 42L));
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key(BackupWorld.Job("make-1") + "-pod"));
        await _world.SettleAsync();
        _world.Jobs.ShouldBeEmpty();
        Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(BackupWorld.Job("make-1"))).ShouldBeNull();
        Cluster.Writes.Count(write => write.StartsWith("create Job", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_test_restore_is_a_Job_of_its_own()
    {
        _world.Create("""{"include": ["Database"], "verify": "Restore"}""");
        await _world.SettleAsync();
        JobPods.Succeed(Cluster, BackupWorld.Job("make-1"), BackupWorld.Manifest());
        await _world.SettleAsync();

        (_world.Status!.Phase, _world.Status.Stage).ShouldBe(("Verifying", "Verifying"));
        Container(BackupWorld.Job("verify-1")).Image.ShouldBe("mirror/pg:16");
        JobPods.Succeed(Cluster, BackupWorld.Job("verify-1"), $"{BackupWorld.Manifest()},{BackupWorld.Verified}");
        await _world.PassAsync();
        _world.Status!.Verified!.Rows.ShouldBe(42);
    }

    [Fact]
    public async Task A_request_that_failed_behind_the_input_makes_no_second_one()
    {
        _world.Create();
        Cluster.Fail = request => request.StartsWith("create Job", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.ServiceUnavailable, "down") : null;
        await Should.ThrowAsync<ClusterApiException>(_world.SettleAsync);
        var input = Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(BackupWorld.Job("make-1")))!.Uid;
        Cluster.Fail = _ => null;
        await _world.SettleAsync();

        _world.Jobs.ShouldHaveSingleItem();
        Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(BackupWorld.Job("make-1")))!.Uid.ShouldBe(input);
    }

    [Fact]
    public async Task A_Job_that_vanished_unread_is_made_again_under_its_name()
    {
        _world.Create();
        await _world.SettleAsync();
        Cluster.Drop(ResourceTypes.Job, InstanceWorld.Key(BackupWorld.Job("make-1")));
        await _world.SettleAsync();

        _world.Jobs.ShouldBe([BackupWorld.Job("make-1")]);
        _world.Status!.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Three_lost_pods_are_enough()
    {
        _world.Create();
        foreach (var attempt in (int[])[1, 2, 3])
        {
            await _world.SettleAsync();
            _world.Status!.Attempts.ShouldBe(attempt);
            JobPods.Lose(Cluster, BackupWorld.Job($"make-{attempt}"));
        }

        await _world.PassAsync();
        (_world.Status!.Phase, _world.Status.Reason).ShouldBe(("Failed", BackupReasons.PodLost));
    }

    [Fact]
    public async Task What_the_script_says_is_what_people_read()
    {
        _world.Create();
        await _world.SettleAsync();
        JobPods.Fail(Cluster, BackupWorld.Job("make-1"), ToolReasons.NotPermitted, "Grant it. Last said: ERROR: permission denied for table notes");
        await _world.PassAsync();

        (_world.Status!.Phase, _world.Status.Reason, _world.Status.Message).ShouldBe(("Failed", ToolReasons.NotPermitted, "Grant it. Last said: ERROR: permission denied for table notes"));
        _world.World.Events.Recorded.ShouldContain(said => said.Reason == EventReasons.BackupFailed && said.Note.Contains("permission denied for table notes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_go_with_the_object_are_held_before_there_are_any()
    {
        _world.Create("""{"include": ["Database"], "deletionPolicy": "Delete"}""");
        await _world.SettleAsync();

        Cluster.LookJson(Kinds.Backup, BackupWorld.Key)!["metadata"]!["finalizers"]!.AsArray().Select(name => (string?)name).ShouldBe([WireNames.BackupFinalizer]);
        var writes = Cluster.Writes.Select(Short).ToList();
        writes.IndexOf("patch FamilyAssistantBackup").ShouldBeLessThan(writes.IndexOf("create Job"));
    }

    [Fact]
    public async Task Before_it_begins_it_waits_and_makes_nothing()
    {
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"status": {"database": null, "conditions": [{"type": "DatabaseReady", "status": "False", "reason": "AuthenticationFailed", "message": "Correct the Secret db.", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T11:00:00Z"}]} }""");
        _world.Create();
        await _world.SettleAsync();

        (_world.Status!.Phase, _world.Status.Reason, _world.Status.StartedAt).ShouldBe(("Pending", ProcedureReasons.InstanceNotReady, null));
        _world.Status.Message.ShouldNotBeNull().ShouldContain("AuthenticationFailed: Correct the Secret db.");
        _world.Jobs.ShouldBeEmpty();
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"status": {"database": {"serverVersion": "16.4"} } }""");
        await _world.SettleAsync();
        _world.Jobs.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_vanishes_between_announcement_and_Job_is_waited_for_until_the_time_is_up()
    {
        _world.Create("""{"include": ["Database"], "deadline": "1h"}""");
        Cluster.Fail = request => request.StartsWith("create Secret", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.ServiceUnavailable, "down") : null;
        await Should.ThrowAsync<ClusterApiException>(_world.SettleAsync);
        Cluster.Fail = _ => null;
        Cluster.Drop(ResourceTypes.PersistentVolumeClaim, InstanceWorld.Key("fa-backups"));
        await _world.SettleAsync();
        (_world.Status!.Phase, _world.Jobs.Count()).ShouldBe(("Running", 0));
        _world.Status.Message.ShouldNotBeNull().ShouldContain("fa-backups");

        _world.World.Time.Advance(TimeSpan.FromHours(2));
        await _world.SettleAsync();
        (_world.Status!.Phase, _world.Status.Reason).ShouldBe(("Failed", ProcedureReasons.DeadlineExceeded));
        _world.Status.Message.ShouldNotBeNull().ShouldContain("Last seen: PersistentVolumeClaim fa-backups");
    }

    [Fact]
    public async Task A_configuration_that_fits_into_no_Secret_is_named()
    {
        _world.World.EditSpec(("configRef", """{"name": "large"}"""));
        _world.World.ConfigMap("large", ("config.yaml", new string('x', 1_000_000)));
        _world.Create("""{"include": ["Configuration"]}""");
        await _world.SettleAsync();

        (_world.Status!.Phase, _world.Status.Reason).ShouldBe(("Failed", BackupReasons.InputTooLarge));
        _world.Status.Message.ShouldNotBeNull().ShouldContain("ConfigMap large");
        _world.Status.Message.ShouldContain("spec.include");
        _world.Jobs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Job")]
    [InlineData("Secret")]
    public async Task A_name_that_somebody_else_has_ends_it_and_is_left_alone(string kind)
    {
        var type = kind == "Job" ? ResourceTypes.Job : ResourceTypes.Secret;
        Cluster.Put(type, $$"""{"metadata": {"name": "{{BackupWorld.Job("make-1")}}", "namespace": "home"} }""");
        _world.Create();
        await _world.SettleAsync();

        (_world.Status!.Phase, _world.Status.Reason).ShouldBe(("Failed", BackupReasons.NameConflict));
        Cluster.Look(type, InstanceWorld.Key(BackupWorld.Job("make-1"))).ShouldNotBeNull();
        Cluster.Writes.ShouldNotContain(write => write.StartsWith("delete", StringComparison.Ordinal));
    }

    /// <summary>Only the input of the Job has them, which is a Secret.</summary>
    [Fact]
    public async Task No_secret_is_in_any_other_request()
    {
        _world.Create("""{"include": ["Database", "Configuration", "Secrets"]}""");
        await _world.SettleAsync();
        JobPods.Succeed(Cluster, BackupWorld.Job("make-1"), BackupWorld.Manifest("Database Configuration Secrets"));
        await _world.SettleAsync();

        string[] canaries = ["canary", BackupWorld.Passphrase, InstanceWorld.Token];
        foreach (var source in ((ResourceType[])[Kinds.Backup, Kinds.Instance, ResourceTypes.Job]).SelectMany(type => Cluster.All(type, "home")))
        {
            var json = System.Text.Encoding.UTF8.GetString(source.Json.Span);
            canaries.Where(canary => json.Contains(canary, StringComparison.Ordinal)).ShouldBeEmpty(source.Key.Name);
        }

        _world.World.Events.Recorded.ShouldAllBe(said => !canaries.Any(canary => said.Note.Contains(canary, StringComparison.Ordinal)));
    }

    private V1Container Container(string job) => Cluster.Look(ResourceTypes.Job, InstanceWorld.Key(job))!.Read<V1Job>().Spec.Template.Spec.Containers.Single();

    private static string Short(string write) => string.Join(' ', write.Split(' ').Take(2));
}
