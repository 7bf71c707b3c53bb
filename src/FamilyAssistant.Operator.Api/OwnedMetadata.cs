namespace FamilyAssistant.Operator.Api;

/// <summary>Labels and annotations of pods and ingresses that only the operator or a controller of Kubernetes may write.</summary>
public static class OwnedMetadata
{
    /// <summary>Exact label keys: the selector of the manual installation and what the StatefulSet controller writes.</summary>
    public static readonly IReadOnlyList<string> LabelKeys = [WireNames.AppLabel, "controller-revision-hash", "pod-template-hash"];

    /// <summary>Prefixes of label keys.</summary>
    public static readonly IReadOnlyList<string> LabelPrefixes =
        [WireNames.Group + "/", "app.kubernetes.io/", "apps.kubernetes.io/", "statefulset.kubernetes.io/"];

    /// <summary>Prefixes of annotation keys.</summary>
    public static readonly IReadOnlyList<string> AnnotationPrefixes = [WireNames.Group + "/"];

    /// <summary>Whether <c>spec.pod.labels</c> may not name this key.</summary>
    public static bool IsOwnedLabel(string key) => LabelKeys.Contains(key) || HasPrefix(LabelPrefixes, key);

    /// <summary>Whether an annotation of the spec may not name this key.</summary>
    public static bool IsOwnedAnnotation(string key) => HasPrefix(AnnotationPrefixes, key);

    private static bool HasPrefix(IReadOnlyList<string> prefixes, string key) => prefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal));
}
