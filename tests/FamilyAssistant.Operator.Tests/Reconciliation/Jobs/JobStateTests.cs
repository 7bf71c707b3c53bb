using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Jobs;

public sealed class JobStateTests
{
    private const string Well = """{"outcome":"Succeeded","seconds":3}""";
    private const string Bad = """{"outcome":"Failed","reason":"DiskFull","message":"Make room.","seconds":3}""";

    [Fact]
    public void No_Job_is_missing() => JobState.Of("owner", null, []).ShouldBeOfType<JobState.Missing>();

    [Fact]
    public void Somebody_elses_is_foreign() => JobState.Of("another", Job("Complete"), []).ShouldBeOfType<JobState.Foreign>();

    [Theory]
    [InlineData("Complete", null, Well, 0, nameof(JobState.Succeeded))]
    [InlineData("Failed", "BackoffLimitExceeded", Bad, 1, nameof(JobState.Failed))]
    [InlineData("Failed", "DeadlineExceeded", Bad, 1, nameof(JobState.Failed))]
    [InlineData("Failed", "DeadlineExceeded", "", 143, nameof(JobState.DeadlineExceeded))]
    [InlineData("Failed", "BackoffLimitExceeded", "", 137, nameof(JobState.Lost))]
    [InlineData("Failed", "BackoffLimitExceeded", "not a result", 1, nameof(JobState.Lost))]
    // A message and an exit code that contradict each other are no result.
    [InlineData("Failed", "BackoffLimitExceeded", Well, 137, nameof(JobState.Lost))]
    [InlineData("Complete", null, Bad, 0, nameof(JobState.Lost))]
    [InlineData("Complete", null, "", 0, nameof(JobState.Lost))]
    // Only a condition ends it, whatever its pod says.
    [InlineData(null, null, Well, 0, nameof(JobState.Running))]
    [InlineData("Suspended", null, Well, 0, nameof(JobState.Running))]
    [InlineData("FailureTarget", null, Bad, 1, nameof(JobState.Running))]
    public void It_is_read_from_its_conditions_and_its_result(string? condition, string? reason, string message, int exitCode, string state) =>
        JobState.Of("owner", Job(condition, reason), [Pod(message, exitCode)]).GetType().Name.ShouldBe(state);

    [Fact]
    public void Without_its_pod_there_is_no_result()
    {
        JobState.Of("owner", Job("Complete"), []).ShouldBeOfType<JobState.Lost>();
        JobState.Of("owner", Job("Complete"), [Pod(Well, 0, job: "another-job")]).ShouldBeOfType<JobState.Lost>();
        JobState.Of("owner", Job("Failed", "BackoffLimitExceeded"), []).ShouldBeOfType<JobState.Lost>();
    }

    [Fact]
    public void Of_two_pods_the_one_with_the_result_counts() =>
        JobState.Of("owner", Job("Complete"), [Pod("", 137), Pod(Well, 0, name: "second")]).ShouldBeOfType<JobState.Succeeded>().Pod.Name.ShouldBe("second");

    [Fact]
    public void An_evicted_pod_says_so() => JobState.Of("owner", Job("Failed", "BackoffLimitExceeded"), [Pod("", 137, reason: "Evicted")]).ShouldBeOfType<JobState.Lost>().Message.ShouldContain("Evicted");

    [Fact]
    public void A_container_that_could_not_be_started_says_why()
    {
        var message = JobState.Of("owner", Job("Failed", "BackoffLimitExceeded"), [Pod("exec: \"bash\": executable file not found in $PATH", 128, end: "StartError")]).ShouldBeOfType<JobState.Lost>().Message;

        message.ShouldBe("Pod pod could not be started: exec: \"bash\": executable file not found in $PATH.");
        JobState.Of("owner", Job("Failed", "BackoffLimitExceeded"), [Pod(new string('x', 5000), 128, end: "StartError")]).ShouldBeOfType<JobState.Lost>().Message.Length.ShouldBeLessThan(400);
    }

    private static ClusterObject Job(string? condition, string? reason = null) => FakeObjects.ToClusterObject(ResourceTypes.Job, new JsonObject
    {
        ["metadata"] = Metadata("job", "owner", "job-uid"),
        ["status"] = condition is null ? [] : new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["reason"] = reason }) },
    });

    private static ClusterObject Pod(string message, int exitCode, string job = "job-uid", string? reason = null, string name = "pod", string end = "Error") => FakeObjects.ToClusterObject(ResourceTypes.Pod, new JsonObject
    {
        ["metadata"] = Metadata(name, job, "pod-uid"),
        ["status"] = new JsonObject
        {
            ["reason"] = reason,
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = ToolJob.Container, ["image"] = "i", ["imageID"] = "i", ["ready"] = false, ["restartCount"] = 0,
                ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = exitCode, ["message"] = message, ["reason"] = end } },
            }),
        },
    });

    private static JsonObject Metadata(string name, string owner, string uid) => new()
    {
        ["name"] = name, ["namespace"] = "home", ["uid"] = uid, ["resourceVersion"] = "1",
        ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "X", ["name"] = "x", ["uid"] = owner, ["controller"] = true }),
    };
}
