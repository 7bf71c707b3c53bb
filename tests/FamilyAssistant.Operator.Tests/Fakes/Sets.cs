using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>What the StatefulSet controller would write for <c>fa</c>.</summary>
internal static class Sets
{
    private static readonly ObjectKey Key = InstanceWorld.Key("fa");

    /// <summary>Everything is as desired: observed, one revision, this many pods ready.</summary>
    public static void Settle(InstanceWorld world, int ready = 1, string revision = Pods.Revision)
    {
        var generation = world.Cluster.Look(ResourceTypes.StatefulSet, Key)!.Generation;
        Status(world, generation, ready, revision, revision);
    }

    public static void Status(InstanceWorld world, long observed, int ready, string current, string update) => world.Cluster.Edit(
        ResourceTypes.StatefulSet,
        Key,
        $$"""{"status": {"observedGeneration": {{observed}}, "replicas": {{ready}}, "readyReplicas": {{ready}}, "currentRevision": "{{current}}", "updateRevision": "{{update}}"} }""");

    public static string Uid(InstanceWorld world) => world.Cluster.Look(ResourceTypes.StatefulSet, Key)!.Uid;

    public static JsonObject Json(InstanceWorld world) => world.Cluster.LookJson(ResourceTypes.StatefulSet, Key)!;

    public static string? Hash(InstanceWorld world) =>
        Json(world)["spec"]!["template"]!["metadata"]!["annotations"]!["family-assistant.io/config-hash"]?.GetValue<string>();

    public static ClusterObject PutManualDeployment(InstanceWorld world, int replicas = 1) => world.Cluster.Put(
        ResourceTypes.Deployment,
        $$"""{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"replicas": {{replicas}}, "selector": {"matchLabels": {"app": "fa"} } } }""");
}
