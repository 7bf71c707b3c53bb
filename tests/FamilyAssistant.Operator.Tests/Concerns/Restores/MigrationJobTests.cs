using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>It reports nothing: the Job's condition and the exit code of its own container are all there is.</summary>
public sealed class MigrationJobTests
{
    [Fact]
    public void It_runs_until_a_condition_says_otherwise()
    {
        MigrationJob.Of(Job(null), []).ShouldBeOfType<ToolState.Running>();
        MigrationJob.Of(Job("FailureTarget"), [Pod(1)]).ShouldBeOfType<ToolState.Running>();
        MigrationJob.Of(Job("Complete"), []).ShouldBeOfType<ToolState.Succeeded>();
    }

    [Fact]
    public void An_exit_code_of_the_program_is_its_own_failure_and_says_where_to_read()
    {
        var failed = MigrationJob.Of(Job("Failed"), [Pod(1)]).ShouldBeOfType<ToolState.Failed>();

        failed.Reason.ShouldBe(RestoreReasons.MigrationFailed);
        failed.Message.ShouldBe("alembic upgrade head ended with exit code 1 in the instance's image. The Job stays, and its log says why (kubectl logs job/restore-x-migrate-1); restore with an image that knows the revision of the set.");
    }

    [Theory]
    [InlineData(137)]
    [InlineData(143)]
    [InlineData(0)]
    public void What_came_from_outside_is_a_lost_pod(int code) => MigrationJob.Of(Job("Failed"), [Pod(code)]).ShouldBeNull();

    [Fact]
    public void A_pod_that_is_gone_or_somebody_elses_says_nothing()
    {
        MigrationJob.Of(Job("Failed"), []).ShouldBeNull();
        MigrationJob.Of(Job("Failed"), [Pod(1, "another-job")]).ShouldBeNull();
    }

    private static ClusterObject Job(string? condition) => FakeObjects.ToClusterObject(ResourceTypes.Job, new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = "restore-x-migrate-1", ["namespace"] = "home", ["uid"] = "job-uid", ["resourceVersion"] = "1" },
        ["status"] = condition is null ? [] : new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True" }) },
    });

    private static ClusterObject Pod(int code, string job = "job-uid") => FakeObjects.ToClusterObject(ResourceTypes.Pod, JsonNode.Parse($$"""
        {"metadata": {"name": "pod", "namespace": "home", "uid": "pod-uid", "resourceVersion": "1", "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "x", "uid": "{{job}}", "controller": true}]},
         "status": {"containerStatuses": [{"name": "{{ToolJob.Container}}", "image": "i", "imageID": "i", "ready": false, "restartCount": 0, "state": {"terminated": {"exitCode": {{code}}, "reason": "Error"} } }]} }
        """)!.AsObject());
}
