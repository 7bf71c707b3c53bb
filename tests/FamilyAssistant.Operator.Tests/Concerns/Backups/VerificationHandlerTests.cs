using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>Test restores by the schedule, of a backup that was completed at 11:10; the tick is at 14:00.</summary>
public sealed class VerificationHandlerTests
{
    private static readonly string[] Attempts = [.. Enumerable.Range(1, 3).Select(attempt => BackupWorld.Job($"test-202611231400-{attempt}"))];
    private readonly BackupWorld _world = new();

    public VerificationHandlerTests()
    {
        _world.World.EditSpec(("backup.verification", """{"schedule": "0 14 * * *"}"""));
        _world.CreateCompleted();
    }

    private FakeCluster Cluster => _world.Cluster;

    private BackupVerificationRun? Run => _world.Status!.LastVerification;

    [Fact]
    public async Task Before_its_tick_nothing_is_asked_for()
    {
        (await _world.PassAsync()).After.ShouldBe(TimeSpan.FromHours(2));
        Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task That_it_begins_is_written_before_its_Job_is_made_and_what_came_of_it_before_that_goes()
    {
        await BeginAsync();
        (Run!.Tick, Run.Result).ShouldBe(("2026-11-23T14:00:00Z", "Running"));
        Cluster.Writes.Select(write => string.Join(' ', write.Split(' ').Take(2))).ShouldBe(["patch status", "create Job"]);
        var pod = Cluster.Look(ResourceTypes.Job, InstanceWorld.Key(Attempts[0]))!.Read<V1Job>().Spec.Template.Spec;
        pod.Containers.Single().Image.ShouldBe("mirror/pg:16");
        pod.Volumes.Single(volume => volume.Name == "sets").PersistentVolumeClaim.ClaimName.ShouldBe("fa-backups");

        JobPods.Succeed(Cluster, Attempts[0], $"{BackupWorld.Manifest()},{BackupWorld.Verified}");
        await _world.PassAsync();
        Run!.Result.ShouldBe("Succeeded");
        _world.Status!.Verified!.Rows.ShouldBe(42);
        _world.World.Events.Reasons.ShouldContain(EventReasons.BackupVerified);
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key(Attempts[0] + "-pod"));
        await _world.SettleAsync();
        _world.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failure_is_told_once_and_keeps_what_was_proven_before()
    {
        await BeginAsync();
        JobPods.Fail(Cluster, Attempts[0], ToolReasons.RowsDiffer, "Do not use it.");
        await _world.PassAsync();

        (Run!.Result, Run.Message).ShouldBe(("Failed", "RowsDiffer: Do not use it."));
        _world.Status!.Verified.ShouldBeNull();
        _world.World.Events.Recorded.ShouldHaveSingleItem().Reason.ShouldBe(EventReasons.BackupVerificationFailed);
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key(Attempts[0] + "-pod"));
        await _world.SettleAsync();
        _world.World.Events.Recorded.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_result_of_another_set_proves_nothing()
    {
        await BeginAsync();
        JobPods.Succeed(Cluster, Attempts[0], $"{BackupWorld.Manifest(setId: "20261123t110000z-00000000")},{BackupWorld.Verified}");
        await _world.PassAsync();
        Run!.Result.ShouldBe("Failed");
    }

    [Fact]
    public async Task Three_lost_pods_are_enough()
    {
        await BeginAsync();
        foreach (var job in Attempts)
        {
            _world.Jobs.ShouldContain(job);
            JobPods.Lose(Cluster, job);
            await _world.PassAsync();
        }

        (Run!.Result, _world.Jobs.Count()).ShouldBe(("Failed", 3));
        Run.Message.ShouldNotBeNull().ShouldContain("the last of 3 Jobs");
    }

    [Fact]
    public async Task A_volume_that_is_gone_ends_it()
    {
        await BeginAsync();
        Cluster.Drop(ResourceTypes.PersistentVolumeClaim, InstanceWorld.Key("fa-backups"));
        await _world.PassAsync();
        Run!.Message.ShouldBe("PersistentVolumeClaim fa-backups of the sets does not exist any more.");
    }

    [Fact]
    public async Task One_that_has_begun_ends_without_its_instance()
    {
        await BeginAsync();
        Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));
        await _world.PassAsync();
        JobPods.Succeed(Cluster, Attempts[0], $"{BackupWorld.Manifest()},{BackupWorld.Verified}");
        await _world.PassAsync();
        Run!.Result.ShouldBe("Succeeded");
    }

    private async Task BeginAsync()
    {
        _world.World.Time.Advance(TimeSpan.FromHours(3));
        await _world.PassAsync();
        _world.Jobs.ShouldBe([Attempts[0]]);
    }
}
