using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>What the Job controller and a node would write: a pod with its result, and the condition.</summary>
internal static class JobPods
{
    /// <summary>It did its work and reported this.</summary>
    public static void Succeed(FakeCluster cluster, string job, string members = "") => End(cluster, job, "Complete", null, 0, $$"""{"outcome":"Succeeded"{{(members.Length == 0 ? "" : "," + members)}},"seconds":3}""");

    /// <summary>It ended with a reason.</summary>
    public static void Fail(FakeCluster cluster, string job, string reason, string message = "It is so.") =>
        End(cluster, job, "Failed", "BackoffLimitExceeded", 1, new JsonObject { ["outcome"] = "Failed", ["reason"] = reason, ["message"] = message, ["seconds"] = 3 }.ToJsonString());

    /// <summary>Its pod was killed before it had a result.</summary>
    public static void Lose(FakeCluster cluster, string job) => End(cluster, job, "Failed", "BackoffLimitExceeded", 137, "");

    /// <summary>Its time was up; the pod is gone.</summary>
    public static void Expire(FakeCluster cluster, string job) => Say(cluster, job, "Failed", "DeadlineExceeded");

    /// <summary>A pod that runs.</summary>
    public static ClusterObject Run(FakeCluster cluster, string job) => Pod(cluster, job, """{"phase": "Running"}""");

    private static void End(FakeCluster cluster, string job, string condition, string? reason, int code, string message)
    {
        Pod(cluster, job, new JsonObject
        {
            ["phase"] = code == 0 ? "Succeeded" : "Failed",
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = ToolJob.Container, ["image"] = "i", ["imageID"] = "i", ["ready"] = false, ["restartCount"] = 0,
                ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = code, ["reason"] = "Error", ["message"] = message } },
            }),
        }.ToJsonString());
        Say(cluster, job, condition, reason);
    }

    private static void Say(FakeCluster cluster, string job, string condition, string? reason) =>
        cluster.Edit(ResourceTypes.Job, InstanceWorld.Key(job), new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = condition, ["status"] = "True", ["reason"] = reason }) } }.ToJsonString());

    private static ClusterObject Pod(FakeCluster cluster, string job, string status)
    {
        var owner = cluster.Look(ResourceTypes.Job, InstanceWorld.Key(job)) ?? throw new InvalidOperationException($"there is no Job {job}");
        var labels = new JsonObject(owner.Labels.Append(new("job-name", job)).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        return cluster.Put(ResourceTypes.Pod, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = job + "-pod",
                ["namespace"] = InstanceWorld.Namespace,
                ["labels"] = labels,
                ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = job, ["uid"] = owner.Uid, ["controller"] = true }),
            },
            ["status"] = JsonNode.Parse(status),
        });
    }
}
