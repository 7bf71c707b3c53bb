using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>The application's StatefulSet and pods.</summary>
internal static class FakeSets
{
    /// <summary>A StatefulSet that its controller has seen.</summary>
    public static RunningSet Of(int replicas) => RunningSet.Of(FakeObjects.ToClusterObject(ResourceTypes.StatefulSet, JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
        {"metadata": {"name": "fa", "namespace": "home", "uid": "set", "resourceVersion": "1", "generation": 1},
         "spec": {"replicas": {{replicas}}}, "status": {"observedGeneration": 1, "replicas": {{replicas}}, "readyReplicas": {{replicas}}} }
        """))!.AsObject()))!;

    /// <summary>One pod of it.</summary>
    /// <param name="generation">Another number is another pod.</param>
    /// <param name="isReady">Whether it is ready; one that is not has been started again several times.</param>
    public static ImmutableArray<PodRecord> Pods(int generation, bool isReady) => PodRecord.Of([FakeObjects.ToClusterObject(ResourceTypes.Pod, JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""
        {"metadata": {"name": "fa-0", "namespace": "home", "uid": "pod-{{generation}}", "resourceVersion": "1", "ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "fa", "uid": "set", "controller": true}]},
         "status": {"conditions": [{"type": "Ready", "status": "{{(isReady ? "True" : "False")}}"}], "containerStatuses": [{"name": "app", "image": "a", "imageID": "a", "ready": {{(isReady ? "true" : "false")}}, "restartCount": {{(isReady ? 0 : 5)}}{{(isReady ? "" : ", \"lastState\": {\"terminated\": {\"exitCode\": 3, \"reason\": \"Error\"} }")}} }]} }
        """))!.AsObject())]);
}
