using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>The Secret of generated keys. It belongs to the data, so it has no owner reference: a re-created instance keeps its push subscriptions.</summary>
internal static class SecretsManifest
{
    private const int RandomBytes = 32;

    /// <summary>What nobody can guess: 32 random bytes, hexadecimal.</summary>
    public static string NewRandom() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    public static Manifest Generated(ObjectKey instance, string sessionSecret, VapidKey vapid, string hashKey) => ManifestOf.Model(
        ResourceTypes.Secret,
        new V1Secret
        {
            Metadata = new V1ObjectMeta
            {
                Name = ObjectNames.GeneratedSecret(instance.Name),
                NamespaceProperty = instance.Namespace,
                Labels = Components.Labels(instance.Name, Components.App),
            },
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>
            {
                [GeneratedKeys.SessionSecret] = Encoding.ASCII.GetBytes(sessionSecret),
                [GeneratedKeys.VapidPrivate] = Encoding.ASCII.GetBytes(vapid.Private),
                [GeneratedKeys.VapidPublic] = Encoding.ASCII.GetBytes(vapid.Public),
                [GeneratedKeys.HashKey] = Encoding.ASCII.GetBytes(hashKey),
            },
        });
}
