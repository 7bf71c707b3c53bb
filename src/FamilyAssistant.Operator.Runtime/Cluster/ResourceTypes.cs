namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The built-in kinds that controllers of this operator watch or write.</summary>
public static class ResourceTypes
{
    /// <summary>apps/v1 StatefulSet.</summary>
    public static readonly ResourceType StatefulSet = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary>apps/v1 Deployment.</summary>
    public static readonly ResourceType Deployment = new("apps", "v1", "deployments", "Deployment");

    /// <summary>batch/v1 Job.</summary>
    public static readonly ResourceType Job = new("batch", "v1", "jobs", "Job");

    /// <summary>v1 Pod.</summary>
    public static readonly ResourceType Pod = new("", "v1", "pods", "Pod");

    /// <summary>v1 Service.</summary>
    public static readonly ResourceType Service = new("", "v1", "services", "Service");

    /// <summary>v1 ServiceAccount.</summary>
    public static readonly ResourceType ServiceAccount = new("", "v1", "serviceaccounts", "ServiceAccount");

    /// <summary>v1 Secret.</summary>
    public static readonly ResourceType Secret = new("", "v1", "secrets", "Secret");

    /// <summary>v1 ConfigMap.</summary>
    public static readonly ResourceType ConfigMap = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>v1 PersistentVolumeClaim.</summary>
    public static readonly ResourceType PersistentVolumeClaim = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim");

    /// <summary>networking.k8s.io/v1 Ingress.</summary>
    public static readonly ResourceType Ingress = new("networking.k8s.io", "v1", "ingresses", "Ingress");

    /// <summary>networking.k8s.io/v1 NetworkPolicy.</summary>
    public static readonly ResourceType NetworkPolicy = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary>coordination.k8s.io/v1 Lease.</summary>
    public static readonly ResourceType Lease = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>events.k8s.io/v1 Event.</summary>
    public static readonly ResourceType Event = new("events.k8s.io", "v1", "events", "Event");
}
