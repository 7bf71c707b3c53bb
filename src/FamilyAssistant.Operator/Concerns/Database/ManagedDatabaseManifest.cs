using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>The objects around the managed PostgreSQL; its pod is in <see cref="ManagedDatabasePod"/>.</summary>
internal static class ManagedDatabaseManifest
{
    /// <summary>The password. No owner reference: it opens the volume and stays as long as that does.</summary>
    public static Manifest Password(ObjectKey instance, string password) => ManifestOf.Model(
        ResourceTypes.Secret,
        new V1Secret
        {
            Metadata = Metadata(instance, ObjectNames.ManagedDatabaseSecret(instance.Name)),
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>
            {
                [ManagedServer.UsernameKey] = Encoding.ASCII.GetBytes(ManagedServer.Role),
                [ManagedServer.PasswordKey] = Encoding.ASCII.GetBytes(password),
            },
        });

    /// <summary>The volume; no owner reference either.</summary>
    public static Manifest Claim(ObjectKey instance, ManagedDatabaseSpec spec, ResourceQuantity size) => ManifestOf.Model(
        ResourceTypes.PersistentVolumeClaim,
        new V1PersistentVolumeClaim
        {
            Metadata = Metadata(instance, ObjectNames.ManagedDatabaseClaim(instance.Name)),
            Spec = new V1PersistentVolumeClaimSpec
            {
                AccessModes = [nameof(VolumeAccessMode.ReadWriteOnce)],
                StorageClassName = spec.StorageClassName,
                Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = size } },
            },
        });

    /// <summary>Identity of the pod: none that the API server would know.</summary>
    public static Manifest ServiceAccount(ObjectKey instance) => ManifestOf.Model(
        ResourceTypes.ServiceAccount,
        new V1ServiceAccount { Metadata = Metadata(instance, ObjectNames.ManagedDatabase(instance.Name)), AutomountServiceAccountToken = false });

    /// <summary>The address under which the application and the operator know it.</summary>
    public static Manifest Service(ObjectKey instance) => ManifestOf.Model(
        ResourceTypes.Service,
        new V1Service
        {
            Metadata = Metadata(instance, ObjectNames.ManagedDatabase(instance.Name)),
            Spec = new V1ServiceSpec
            {
                Selector = Selector(instance.Name),
                Ports = [new V1ServicePort { Name = "postgres", Port = ManagedServer.Port, TargetPort = "postgres", Protocol = "TCP" }],
            },
        });

    /// <summary>Only pods of this instance and the operator connect, and the server itself calls nobody.</summary>
    public static Manifest NetworkPolicy(ObjectKey instance, DatabaseOptions options) => ManifestOf.Model(
        ResourceTypes.NetworkPolicy,
        new V1NetworkPolicy
        {
            Metadata = Metadata(instance, ObjectNames.ManagedDatabase(instance.Name)),
            Spec = new V1NetworkPolicySpec
            {
                PodSelector = new V1LabelSelector { MatchLabels = Selector(instance.Name) },
                PolicyTypes = ["Ingress", "Egress"],
                Ingress =
                [
                    new V1NetworkPolicyIngressRule
                    {
                        Ports = [new V1NetworkPolicyPort { Port = ManagedServer.Port, Protocol = "TCP" }],
                        FromProperty =
                        [
                            new V1NetworkPolicyPeer
                            {
                                PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [WireNames.InstanceLabel] = instance.Name } },
                            },
                            new V1NetworkPolicyPeer
                            {
                                NamespaceSelector = new V1LabelSelector
                                {
                                    MatchLabels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = options.OperatorNamespace },
                                },
                                PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = options.OperatorName } },
                            },
                        ],
                    },
                ],
            },
        });

    /// <summary>The server: one pod, whatever the application's replicas are; a stopped instance can still be backed up.</summary>
    public static Manifest StatefulSet(ObjectKey instance, InstanceSpec spec, ManagedDatabaseSpec database) => ManifestOf.Model(
        ResourceTypes.StatefulSet,
        new V1StatefulSet
        {
            Metadata = Metadata(instance, ObjectNames.ManagedDatabase(instance.Name)),
            Spec = new V1StatefulSetSpec
            {
                Replicas = 1,
                ServiceName = ObjectNames.ManagedDatabase(instance.Name),
                Selector = new V1LabelSelector { MatchLabels = Selector(instance.Name) },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = Components.Labels(instance.Name, Components.Database) },
                    Spec = ManagedDatabasePod.Spec(instance.Name, spec, database),
                },
            },
        });

    /// <summary>Immutable in a StatefulSet; it must never gain or lose a label.</summary>
    private static Dictionary<string, string> Selector(string instance) => new()
    {
        [WireNames.InstanceLabel] = instance,
        [WireNames.ComponentLabel] = Components.Database,
    };

    private static V1ObjectMeta Metadata(ObjectKey instance, string name) => new()
    {
        Name = name,
        NamespaceProperty = instance.Namespace,
        Labels = Components.Labels(instance.Name, Components.Database),
    };
}
