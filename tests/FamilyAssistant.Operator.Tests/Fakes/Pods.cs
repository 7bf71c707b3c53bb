using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>The pod <c>fa-0</c> in the states that matter.</summary>
internal static class Pods
{
    public const string Revision = "fa-1";

    public const string Ready = """
        {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
         "containerStatuses": [{"name": "family-assistant", "ready": true, "started": true, "restartCount": 0,
           "imageID": "ghcr.io/werdnum/family-assistant@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "state": {"running": {}}}]}
        """;

    public const string Starting = """
        {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
         "containerStatuses": [{"name": "family-assistant", "ready": false, "started": false, "restartCount": 0, "state": {"running": {}}}]}
        """;

    public const string NotReady = """
        {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
         "containerStatuses": [{"name": "family-assistant", "ready": false, "started": true, "restartCount": 0, "state": {"running": {}}}]}
        """;

    public const string Unschedulable = """
        {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}]}
        """;

    public static string WaitingFor(string reason, string message = "", int restarts = 0) => $$"""
        {"phase": "Pending", "conditions": [{"type": "Ready", "status": "False"}],
         "containerStatuses": [{"name": "family-assistant", "image": "ghcr.io/x:1", "ready": false, "restartCount": {{restarts}}, "state": {"waiting": {"reason": "{{reason}}", "message": "{{message}}"} },
           "lastState": {"terminated": {"exitCode": 3, "reason": "Error", "message": "postgresql://fa:canary@db"} } } ]}
        """;

    public static ClusterObject Put(InstanceWorld world, string status, string revision = Revision, string? owner = null, string? name = null)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name ?? "fa-0",
                ["namespace"] = InstanceWorld.Namespace,
                ["labels"] = new JsonObject(Components.Labels(InstanceWorld.Name, Components.App)
                    .Append(new("app", InstanceWorld.Name))
                    .Append(new("controller-revision-hash", revision))
                    .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
            ["spec"] = JsonNode.Parse("""{"containers": [{"name": "family-assistant", "image": "ghcr.io/werdnum/family-assistant:20260222_031455"}]}"""),
            ["status"] = JsonNode.Parse(status),
        };
        if (owner is not null)
        {
            pod["metadata"]!["ownerReferences"] = JsonNode.Parse($$"""[{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "fa", "uid": "{{owner}}", "controller": true}]""");
        }

        return world.Cluster.Put(ResourceTypes.Pod, pod);
    }

    /// <summary>A pod of somebody else's with this label <c>app</c>.</summary>
    public static ClusterObject PutForeign(InstanceWorld world, string name, string phase = "Running") => world.Cluster.Put(
        ResourceTypes.Pod,
        $$"""{"metadata": {"name": "{{name}}", "namespace": "home", "labels": {"app": "fa"} }, "status": {"phase": "{{phase}}"} }""");
}
