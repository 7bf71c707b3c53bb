using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>What a restore that has ended leaves behind.</summary>
public sealed class RestoreEndTests
{
    private const string Uid = "3f2a9c1b-7d40-4a5e-9d55-0123456789ab";
    private static readonly ObjectKey Key = InstanceWorld.Key("back");
    private readonly FakeCluster _cluster = new();

    private IEnumerable<string> Jobs => _cluster.All(ResourceTypes.Job, "home").Select(job => job.Key.Name);

    private bool IsHeld => _cluster.LookJson(Kinds.Restore, Key)!["metadata"]!["finalizers"]!.AsArray().Count > 0;

    [Theory]
    [InlineData("Completed", "Completed")]
    [InlineData("Failed", "RestoreFailed")]
    public async Task Jobs_and_inputs_go_so_that_no_finished_pod_holds_a_claim(string phase, string reason)
    {
        Restore(phase, reason);
        Made("inspect-1", "database-1", "migrate-1");
        _cluster.Put(ResourceTypes.Job, $$$"""{"metadata": {"name": "theirs", "namespace": "home", "labels": {"{{{WireNames.ProcedureLabel}}}": "back"} } }""");

        (await EndAsync()).ShouldBe(ReconcileResult.Done);

        Jobs.ShouldBe(["theirs"]);
        _cluster.All(ResourceTypes.Secret, "home").ShouldBeEmpty();
        IsHeld.ShouldBeFalse();
        _cluster.Requests.Clear();
        await EndAsync();
        _cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_Job_of_a_migration_that_failed_stays_for_its_log()
    {
        Restore("Failed", RestoreReasons.MigrationFailed);
        Made("inspect-1", "migrate-1");
        await EndAsync();

        Jobs.ShouldBe([Job("migrate-1")]);
        _cluster.All(ResourceTypes.Secret, "home").ShouldBeEmpty();
        IsHeld.ShouldBeFalse();
        _cluster.Requests.Clear();
        await EndAsync();
        _cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Job_that_runs_is_ended_first_and_its_pod_waited_for()
    {
        Restore("Failed", "Deleted");
        Made("inspect-1");
        _cluster.Put(ResourceTypes.Job, Manifest("database-1", "{}"));
        var pod = JobPods.Run(_cluster, Job("database-1"));

        (await EndAsync()).After.ShouldNotBeNull();
        (await EndAsync()).After.ShouldNotBeNull("the pod ends");
        (Jobs.Count(), IsHeld).ShouldBe((1, true));
        _cluster.Drop(ResourceTypes.Pod, pod.Key);
        await EndAsync();
        (Jobs.Count(), IsHeld).ShouldBe((0, false));
    }

    [Fact]
    public async Task A_dry_run_which_holds_nothing_leaves_no_Job_either()
    {
        Restore("Completed", "DryRun", "[]");
        Made("inspect-1");
        await EndAsync();
        Jobs.ShouldBeEmpty();
        _cluster.Requests.Clear();
        await EndAsync();
        _cluster.Requests.ShouldBeEmpty();
    }

    private static string Job(string stage) => ObjectNames.ProcedureJob("restore", Uid, stage);

    private static string Manifest(string stage, string status) => $$$"""
        {"metadata": {"name": "{{{Job(stage)}}}", "namespace": "home", "labels": {"{{{WireNames.ProcedureLabel}}}": "back"}, "ownerReferences": [{"apiVersion": "x", "kind": "X", "name": "back", "uid": "{{{Uid}}}", "controller": true}]}, "status": {{{status}}} }
        """;

    private void Restore(string phase, string reason, string? finalizers = null) => _cluster.Put(Kinds.Restore, $$$"""
        {"metadata": {"name": "back", "namespace": "home", "uid": "{{{Uid}}}", "finalizers": {{{finalizers ?? $"[\"{WireNames.RestoreFinalizer}\"]"}}} }, "spec": {"instanceRef": {"name": "fa"} }, "status": {"phase": "{{{phase}}}", "reason": "{{{reason}}}"} }
        """);

    private void Made(params string[] stages)
    {
        foreach (var stage in stages)
        {
            _cluster.Put(ResourceTypes.Job, Manifest(stage, """{"conditions": [{"type": "Complete", "status": "True"}]}"""));
        }

        _cluster.Put(ResourceTypes.Secret, Manifest("open-parts-1", "{}"));
    }

    private async Task<ReconcileResult> EndAsync() =>
        await new RestoreHandler(_cluster, _cluster, new JobRunner(_cluster), new ToolImages("pg:{major}")).AfterEndAsync(_cluster[Kinds.Restore].Get(Key)!, TestContext.Current.CancellationToken);
}
