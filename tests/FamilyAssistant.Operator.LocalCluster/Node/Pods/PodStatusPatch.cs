using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>A pod's status as a strategic merge patch, which leaves conditions of others alone.</summary>
internal static class PodStatusPatch
{
    public static string Of(string uid, V1PodStatus status)
    {
        // With the UID in it, it never reaches a successor of the same name.
        var patch = JsonNode.Parse(KubernetesJson.Serialize(new V1Pod { Metadata = new V1ObjectMeta { Uid = uid }, Status = status }))!;
        foreach (var condition in patch["status"]!["conditions"]!.AsArray())
        {
            // Conditions are merged: what a false one said must not stay when it is true.
            foreach (var field in (string[])["reason", "message"])
            {
                condition![field] ??= null;
            }
        }

        return patch.ToJsonString();
    }
}
