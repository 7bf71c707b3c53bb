using FamilyAssistant.Operator.Runtime.Cluster;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Turns a built-in model into a manifest; members that are null are not owned.</summary>
internal static class ManifestOf
{
    /// <summary>The manifest of a model whose metadata holds namespace and name.</summary>
    public static Manifest Model<T>(ResourceType type, T model)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        model.ApiVersion = type.ApiVersion;
        model.Kind = type.Kind;
        return new Manifest(
            type,
            new ObjectKey(model.Metadata.NamespaceProperty ?? "", model.Metadata.Name),
            ModelJson.Serialise(model));
    }
}
