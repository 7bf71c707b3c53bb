using FamilyAssistant.Operator.Api.Instances;
using Map = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace FamilyAssistant.Operator.Api.Rules;

/// <summary>Rules about metadata and resources of pods and ingresses.</summary>
internal static class PodRules
{
    private static readonly Scope<PodSpec> Pod = Scope<PodSpec>.Single("spec.pod", s => s.Pod);
    private static readonly Scope<WebSpec> Web = Scope<WebSpec>.Single("spec.web", s => s.Web);
    private static readonly string[] PlainResources = ["cpu", "memory", "ephemeral-storage"];

    public static IEnumerable<InstanceRule> All =>
    [
        new StateRule<Map>(Pod.Member("labels", p => p.Labels), m => !m.Keys.Any(OwnedMetadata.IsOwnedLabel))
        {
            Id = "pod-labels-not-owned",
            Cel = $"!self.exists(k, k in {Cel.List(OwnedMetadata.LabelKeys)} || {Cel.StartsWithAny("k", OwnedMetadata.LabelPrefixes)})",
            Message = $"the labels {string.Join(", ", OwnedMetadata.LabelKeys)} and those beginning with {string.Join(", ", OwnedMetadata.LabelPrefixes)} are not yours to set",
            Reason = "FieldValueForbidden",
        },
        Annotations("pod-annotations-not-owned", Pod.Member("annotations", p => p.Annotations)),
        Annotations("web-annotations-not-owned", Web.Member("annotations", w => w.Annotations)),
        Annotations("webhooks-annotations-not-owned", Web.Member("webhooks", w => w.Webhooks).Member("annotations", w => w.Annotations)),
        .. Resources("pod", Pod.Member("resources", p => p.Resources)),
        .. Resources("database", DatabaseRules.Managed.Member("resources", m => m.Resources)),
    ];

    private static StateRule<Map> Annotations(string id, Scope<Map> scope) =>
        new(scope, m => !m.Keys.Any(OwnedMetadata.IsOwnedAnnotation))
        {
            Id = id,
            Cel = $"!self.exists(k, {Cel.StartsWithAny("k", OwnedMetadata.AnnotationPrefixes)})",
            Message = $"annotations beginning with {string.Join(", ", OwnedMetadata.AnnotationPrefixes)} are the operator's own",
            Reason = "FieldValueForbidden",
        };

    private static IEnumerable<InstanceRule> Resources(string part, Scope<ResourceSpec> scope) =>
    [
        new StateRule<ResourceSpec>(scope, r => r.Requests is null || r.Limits is null
            || r.Requests.All(q => !r.Limits.TryGetValue(q.Key, out var limit) || Quantity.AtMost(q.Value, limit)))
        {
            Id = part + "-requests-within-limits",
            Cel = "!has(self.requests) || !has(self.limits) || self.requests.all(k, !(k in self.limits) || quantity(self.requests[k]).compareTo(quantity(self.limits[k])) <= 0)",
            Message = "a request must not be above the limit of the same resource",
            FieldPath = ".requests",
        },
        Names(part + "-request-names", scope.Member("requests", r => r.Requests)),
        Names(part + "-limit-names", scope.Member("limits", r => r.Limits)),
    ];

    private static StateRule<Map> Names(string id, Scope<Map> scope) =>
        new(scope, m => m.Keys.All(k => PlainResources.Contains(k) || k.StartsWith("hugepages-", StringComparison.Ordinal) || k.Contains('/')))
        {
            Id = id,
            Cel = $"self.all(k, k in {Cel.List(PlainResources)} || k.startsWith('hugepages-') || k.contains('/'))",
            Message = $"a resource is {string.Join(", ", PlainResources)}, hugepages-<size> or has a domain: example.com/gpu",
        };
}
