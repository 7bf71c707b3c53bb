using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Marks by which Argo CD, Flux and Helm know what they applied.</summary>
internal static class GitOpsMarks
{
    private const string HelmValue = "Helm";

    private static readonly string[] Annotations = ["argocd.argoproj.io/tracking-id", "meta.helm.sh/release-name"];

    /// <summary>The second is what Argo CD before 3.0 tracks by; other tools set it as well, which costs no more than an object that stays.</summary>
    private static readonly string[] Labels = ["argocd.argoproj.io/instance", "app.kubernetes.io/instance", "kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"];

    /// <summary>Whether one of them would create the object again when it is deleted.</summary>
    public static bool IsManaged(ClusterObject found) =>
        Annotations.Any(found.Annotations.ContainsKey)
        || Labels.Any(found.Labels.ContainsKey)
        || found.Labels.GetValueOrDefault("app.kubernetes.io/managed-by") == HelmValue;
}
