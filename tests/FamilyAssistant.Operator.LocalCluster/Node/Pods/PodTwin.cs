using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>
/// A second pod that does the same as one of a controller, as there is while a node that is cut off goes on with what was started elsewhere again. The controller does
/// not know it: it would end one of the two.
/// </summary>
internal static class PodTwin
{
    private static readonly string[] ControllerLabels = ["controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"];

    public static V1Pod Of(V1Pod pod, string name)
    {
        // The node is given already: the twin runs whatever a scheduler thinks by now.
        pod.Spec.Hostname = null;
        return new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Labels = (pod.Metadata.Labels ?? new Dictionary<string, string>()).Where(label => !ControllerLabels.Contains(label.Key)).ToDictionary(label => label.Key, label => label.Value),
                Annotations = pod.Metadata.Annotations,
                // It goes with its owner all the same.
                OwnerReferences = [.. (pod.Metadata.OwnerReferences ?? []).Select(Uncontrolled)],
            },
            Spec = pod.Spec,
        };
    }

    private static V1OwnerReference Uncontrolled(V1OwnerReference owner) => new() { ApiVersion = owner.ApiVersion, Kind = owner.Kind, Name = owner.Name, Uid = owner.Uid };
}
