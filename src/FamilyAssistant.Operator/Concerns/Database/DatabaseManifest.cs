using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>The Secret from which the application gets its database.</summary>
internal static class DatabaseManifest
{
    /// <summary>Secret with <c>DATABASE_URL</c>; it goes with the instance, because it can be made again.</summary>
    public static Manifest Url(ObjectKey instance, DatabaseTarget target) => ManifestOf.Model(
        ResourceTypes.Secret,
        new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = ObjectNames.DatabaseSecret(instance.Name),
                NamespaceProperty = instance.Namespace,
                Labels = Components.Labels(instance.Name, Components.Database),
            },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]> { [AppContract.DatabaseUrl] = Encoding.UTF8.GetBytes(DatabaseUrl.Of(target)) },
        });
}
