using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A StatefulSet of the instance's name as it is now.</summary>
/// <param name="Source">The object as it was seen.</param>
/// <param name="Model">The same as a model.</param>
internal sealed record RunningSet(ClusterObject Source, V1StatefulSet Model)
{
    /// <summary>Reads it; null when there is none.</summary>
    public static RunningSet? Of(ClusterObject? source) => source is null ? null : new RunningSet(source, source.Read<V1StatefulSet>());

    /// <summary>Wanted number of pods.</summary>
    public int Replicas => Model.Spec?.Replicas ?? 1;

    /// <summary>Whether the controller has seen the latest spec; until then its figures speak of another one.</summary>
    public bool IsObserved => (Model.Status?.ObservedGeneration ?? 0) >= Source.Generation;

    /// <summary>Revision that every pod shall have; null while nobody has computed one.</summary>
    public string? UpdateRevision => Model.Status?.UpdateRevision;

    /// <summary>Whether pods of an earlier template are still to be replaced.</summary>
    public bool IsUpdating => UpdateRevision is not null && Model.Status!.CurrentRevision != UpdateRevision;

    /// <summary>Pods that pass their readiness probe.</summary>
    public int ReadyReplicas => Model.Status?.ReadyReplicas ?? 0;

    /// <summary>Hash of the configuration that its template was rendered from.</summary>
    public string? ConfigHash => Model.Spec?.Template?.Metadata?.Annotations is { } annotations && annotations.TryGetValue(WireNames.ConfigHashAnnotation, out var hash) ? hash : null;

    /// <summary>Image of its template.</summary>
    public string? Image => Model.Spec?.Template?.Spec?.Containers?.FirstOrDefault()?.Image;

    /// <summary>Whether its selector is the one that this operator gives; a selector is immutable.</summary>
    public bool SelectsAs(IReadOnlyDictionary<string, string> selector) =>
        Model.Spec?.Selector is { MatchLabels: { } labels } own
        && own.MatchExpressions is not { Count: > 0 }
        && labels.Count == selector.Count
        && selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
