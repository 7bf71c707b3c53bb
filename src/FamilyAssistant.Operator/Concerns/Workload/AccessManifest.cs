using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>The ways in: Ingresses and NetworkPolicy.</summary>
internal static class AccessManifest
{
    /// <summary>Ingress of the web interface.</summary>
    public static Manifest Web(ObjectKey instance, WebSpec web) => Ingress(
        instance,
        ObjectNames.WebIngress(instance.Name),
        web.Annotations,
        web.IngressClassName,
        web.Host,
        "/",
        web.Tls is { SecretName: var secret } ? [new V1IngressTLS { Hosts = [web.Host], SecretName = secret }] : null);

    /// <summary>Ingress of the mail webhook: one path and nothing else of the application.</summary>
    public static Manifest Webhooks(ObjectKey instance, WebhooksSpec webhooks) => Ingress(
        instance,
        ObjectNames.WebhooksIngress(instance.Name),
        webhooks.Annotations,
        webhooks.IngressClassName,
        webhooks.Host,
        webhooks.Path,
        null);

    /// <summary>Only the application's port is reachable. What the pod itself calls is not restricted: providers, mail and home automation are anywhere.</summary>
    public static Manifest NetworkPolicy(ObjectKey instance) => ManifestOf.Model(
        ResourceTypes.NetworkPolicy,
        new V1NetworkPolicy
        {
            Metadata = WorkloadManifest.Metadata(instance, ObjectNames.NetworkPolicy(instance.Name)),
            Spec = new V1NetworkPolicySpec
            {
                PodSelector = new V1LabelSelector { MatchLabels = WorkloadManifest.Selector(instance.Name) },
                PolicyTypes = ["Ingress"],
                Ingress = [new V1NetworkPolicyIngressRule { Ports = [new V1NetworkPolicyPort { Port = AppContract.Port, Protocol = "TCP" }] }],
            },
        });

    private static Manifest Ingress(
        ObjectKey instance, string name, IReadOnlyDictionary<string, string>? annotations, string? ingressClass, string host, string path, IList<V1IngressTLS>? tls)
    {
        var metadata = WorkloadManifest.Metadata(instance, name);
        metadata.Annotations = annotations?.ToDictionary();
        return ManifestOf.Model(
            ResourceTypes.Ingress,
            new V1Ingress
            {
                Metadata = metadata,
                Spec = new V1IngressSpec
                {
                    IngressClassName = ingressClass,
                    Tls = tls,
                    Rules =
                    [
                        new V1IngressRule
                        {
                            Host = host,
                            Http = new V1HTTPIngressRuleValue
                            {
                                Paths =
                                [
                                    new V1HTTPIngressPath
                                    {
                                        Path = path,
                                        PathType = "Prefix",
                                        Backend = new V1IngressBackend
                                        {
                                            Service = new V1IngressServiceBackend
                                            {
                                                Name = ObjectNames.Workload(instance.Name),
                                                Port = new V1ServiceBackendPort { Number = WorkloadManifest.ServicePort },
                                            },
                                        },
                                    },
                                ],
                            },
                        },
                    ],
                },
            });
    }
}
