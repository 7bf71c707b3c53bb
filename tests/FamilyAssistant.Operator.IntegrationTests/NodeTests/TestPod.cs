using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Pods for tests of what happens to a pod before its program matters.</summary>
internal static class TestPod
{
    /// <summary>A pod of one container; the image need not exist.</summary>
    public static V1Pod Build(string name, IDictionary<string, string>? labels = null, string? claim = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Uid = name, Labels = labels },
        Spec = new V1PodSpec
        {
            TerminationGracePeriodSeconds = 0,
            Containers =
            [
                new V1Container { Name = "main", Image = "example.invalid/none:1", VolumeMounts = claim is null ? null : [new V1VolumeMount { Name = "data", MountPath = "/data" }] },
            ],
            Volumes = claim is null
                ? null
                : [new V1Volume { Name = "data", PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim } }],
        },
    };

    /// <summary>The same pod, for a server that gives namespace and UID itself.</summary>
    public static V1Pod New(string name, IDictionary<string, string>? labels = null, string? claim = null)
    {
        var pod = Build(name, labels, claim);
        pod.Metadata.NamespaceProperty = null;
        pod.Metadata.Uid = null;
        return pod;
    }

    /// <summary>The pod as the node has it once it runs.</summary>
    public static V1Pod Ready(this V1Pod pod, string address, bool ready = true)
    {
        pod.Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = address,
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        };
        return pod;
    }

    /// <summary>What the only container asks for.</summary>
    public static V1Pod Asking(this V1Pod pod, string resource, string quantity)
    {
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { [resource] = new(quantity) } };
        return pod;
    }
}
