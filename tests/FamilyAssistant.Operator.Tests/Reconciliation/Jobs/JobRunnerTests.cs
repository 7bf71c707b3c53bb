using System.Net;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Jobs;

/// <summary>A Job is made once, after its input; only the owner's is looked at, waited for and removed.</summary>
public sealed class JobRunnerTests
{
    private const string Name = "backup-5f0c2a7e-1111-make-1";
    private static readonly Dictionary<string, byte[]> Files = new() { ["a"] = [1] };
    private readonly FakeCluster _cluster = new();
    private readonly ClusterObject _owner;
    private readonly JobRunner _jobs;

    public JobRunnerTests()
    {
        _jobs = new JobRunner(_cluster);
        _owner = _cluster.Put(Kinds.Backup, """{"metadata": {"name": "night", "namespace": "home", "uid": "5f0c2a7e-1111-2222-3333-444455556666"} }""");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ToolJob Job => new() { Name = Name, Owner = _owner, Instance = "fa", Image = "i:1", Command = ["true"], HasInput = true, Deadline = TimeSpan.FromHours(1) };

    [Fact]
    public async Task The_input_is_there_before_the_Job_and_neither_is_made_twice()
    {
        (await _jobs.RunAsync(Job, Files, Cancellation)).ShouldBeOfType<JobState.Running>();
        _cluster.Writes.ShouldBe([$"create Secret home/{Name}", $"create Job home/{Name}"]);

        (await _jobs.RunAsync(Job, Files, Cancellation)).ShouldBeOfType<JobState.Running>();
        _cluster.Writes.Count().ShouldBe(2);
        _cluster.Look(ResourceTypes.Job, InstanceWorld.Key(Name))!.ControllerUid.ShouldBe(_owner.Uid);
        _cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(Name))!.ControllerUid.ShouldBe(_owner.Uid);
    }

    [Fact]
    public async Task After_a_crash_between_the_two_the_input_of_before_is_taken()
    {
        _cluster.Fail = request => request.StartsWith("create Job", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.InternalServerError, "down") : null;
        await Should.ThrowAsync<ClusterApiException>(async () => await _jobs.RunAsync(Job, Files, Cancellation));
        var input = _cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(Name))!.Uid;
        _cluster.Fail = _ => null;

        (await _jobs.RunAsync(Job, Files, Cancellation)).ShouldBeOfType<JobState.Running>();
        _cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(Name))!.Uid.ShouldBe(input);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("Job")]
    public async Task What_somebody_else_has_is_neither_used_nor_removed(string kind)
    {
        var type = kind == "Job" ? ResourceTypes.Job : ResourceTypes.Secret;
        _cluster.Put(type, $$"""{"metadata": {"name": "{{Name}}", "namespace": "home"} }""");

        (await _jobs.RunAsync(Job, Files, Cancellation)).ShouldBeOfType<JobState.Foreign>().Message.ShouldBe($"{kind} {Name} exists and does not belong to this object. Remove it.");
        (await _jobs.RemoveAsync(_owner, Name, Cancellation)).ShouldBeTrue();
        _cluster.Look(type, InstanceWorld.Key(Name)).ShouldNotBeNull();
        _cluster.Writes.ShouldNotContain($"create Job home/{Name}");
    }

    [Fact]
    public async Task Removed_means_that_its_pod_is_gone_too()
    {
        await _jobs.RunAsync(Job, Files, Cancellation);
        var pod = JobPods.Run(_cluster, Name);

        (await _jobs.RemoveAsync(_owner, Name, Cancellation)).ShouldBeFalse();
        (await _jobs.RemoveAsync(_owner, Name, Cancellation)).ShouldBeFalse("its pod ends");
        _cluster.Drop(ResourceTypes.Pod, pod.Key);
        (await _jobs.RemoveAsync(_owner, Name, Cancellation)).ShouldBeTrue();
        _cluster.Look(ResourceTypes.Secret, InstanceWorld.Key(Name)).ShouldBeNull();
    }

    [Fact]
    public async Task A_Job_without_input_makes_no_Secret()
    {
        await _jobs.RunAsync(Job with { HasInput = false }, null, Cancellation);
        _cluster.Writes.ShouldBe([$"create Job home/{Name}"]);
    }
}
