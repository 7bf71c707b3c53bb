using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>StatefulSet, Service and ServiceAccount of the application.</summary>
internal static class WorkloadManifest
{
    /// <summary>Port of the Service.</summary>
    public const int ServicePort = 80;

    /// <summary>Labels that select the application's pods. Immutable in a StatefulSet: nothing that may ever change is among them.</summary>
    public static Dictionary<string, string> Selector(string instance) => new()
    {
        [WireNames.AppLabel] = instance,
        [WireNames.ComponentLabel] = Components.App,
        [WireNames.InstanceLabel] = instance,
    };

    /// <summary>The same in the string form of the scale subresource.</summary>
    public static string SelectorText(string instance) => string.Join(',', Selector(instance).Select(label => $"{label.Key}={label.Value}"));

    /// <summary>Labels of the pods.</summary>
    public static Dictionary<string, string> PodLabels(string instance)
    {
        var labels = Components.Labels(instance, Components.App);
        labels[WireNames.AppLabel] = instance;
        return labels;
    }

    /// <summary>Name of the account that the pod runs as.</summary>
    public static string ServiceAccountName(WorkloadInputs inputs) => inputs.Spec.Pod?.ServiceAccountName ?? ObjectNames.Workload(inputs.Key.Name);

    /// <summary>
    /// The StatefulSet: Kubernetes promises "at most one pod of a name" only there. Pods start one after the other, because the first one migrates the database without a lock.
    /// </summary>
    public static Manifest StatefulSet(WorkloadInputs inputs) => ManifestOf.Model(
        ResourceTypes.StatefulSet,
        new V1StatefulSet
        {
            Metadata = SetMetadata(inputs),
            Spec = new V1StatefulSetSpec
            {
                Replicas = inputs.Replicas ?? inputs.Spec.Replicas,
                ServiceName = ObjectNames.Workload(inputs.Key.Name),
                PodManagementPolicy = "OrderedReady",
                UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate" },
                Selector = new V1LabelSelector { MatchLabels = Selector(inputs.Key.Name) },
                Template = PodTemplate.Of(inputs),
            },
        });

    /// <summary>The Service, 80 to the application's port.</summary>
    public static Manifest Service(ObjectKey instance) => ManifestOf.Model(
        ResourceTypes.Service,
        new V1Service
        {
            Metadata = Metadata(instance, ObjectNames.Workload(instance.Name)),
            Spec = new V1ServiceSpec
            {
                Selector = Selector(instance.Name),
                Ports = [new V1ServicePort { Name = "http", Port = ServicePort, TargetPort = AppContract.Port, Protocol = "TCP" }],
            },
        });

    /// <summary>An account without rights and without a token.</summary>
    public static Manifest ServiceAccount(ObjectKey instance) => ManifestOf.Model(
        ResourceTypes.ServiceAccount,
        new V1ServiceAccount
        {
            Metadata = Metadata(instance, ObjectNames.Workload(instance.Name)),
            AutomountServiceAccountToken = false,
        });

    /// <summary>What must be remembered and yet roll no pod stands here, not in the template.</summary>
    private static V1ObjectMeta SetMetadata(WorkloadInputs inputs)
    {
        var metadata = Metadata(inputs.Key, ObjectNames.Workload(inputs.Key.Name));
        metadata.Annotations = new Dictionary<string, string> { [WireNames.PushKeysAnnotation] = PushKeys.Fingerprint(inputs) };
        if (inputs.Debug.Ended is { } ended)
        {
            metadata.Annotations[WireNames.DebugEndedAnnotation] = ended;
        }

        if (inputs.RotatedBy is { } operation)
        {
            metadata.Annotations[WireNames.RotatedByAnnotation] = operation;
        }

        return metadata;
    }

    /// <summary>Name, namespace and labels of an object of the application.</summary>
    public static V1ObjectMeta Metadata(ObjectKey instance, string name) => new()
    {
        Name = name,
        NamespaceProperty = instance.Namespace,
        Labels = Components.Labels(instance.Name, Components.App),
    };
}
