using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>
/// Hash of exactly the contents that the pod uses and that its template does not show. The same contents give the same hash whatever
/// their resourceVersions are, so nothing but an effective change rolls the pod; it is keyed, so that it tells nobody anything about a weak password.
/// </summary>
internal static class ConfigHash
{
    private const int HexLength = 32;

    /// <summary>The hash of these inputs for a pod with this explicit environment.</summary>
    public static string Of(WorkloadInputs inputs, IEnumerable<V1EnvVar> environment)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, inputs.Generated![GeneratedKeys.HashKey]);
        foreach (var (kind, name, value) in Entries(inputs, [.. environment]).OrderBy(entry => (entry.Kind, entry.Name)))
        {
            Append(hash, Encoding.UTF8.GetBytes(kind));
            Append(hash, Encoding.UTF8.GetBytes(name));
            Append(hash, value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HexLength];
    }

    private static IEnumerable<(string Kind, string Name, byte[] Value)> Entries(WorkloadInputs inputs, List<V1EnvVar> environment)
    {
        foreach (var variable in environment)
        {
            if (Referred(inputs, variable) is { } value)
            {
                yield return ("env", variable.Name, value);
            }
        }

        foreach (var file in inputs.Files)
        {
            yield return ("file", file, inputs.Config![file]);
        }
    }

    private static byte[]? Referred(WorkloadInputs inputs, V1EnvVar variable) => variable.ValueFrom switch
    {
        { SecretKeyRef: { } key } => DataOf.ValueOf(SecretNamed(inputs, key.Name), key.Key),
        { ConfigMapKeyRef: { } key } => DataOf.ValueOf(inputs.ConfigMapOf(key.Name), key.Key),
        _ => null,
    };

    private static IReadOnlyDictionary<string, byte[]>? SecretNamed(WorkloadInputs inputs, string name) =>
        name == ObjectNames.GeneratedSecret(inputs.Key.Name) ? inputs.Generated
        : name == ObjectNames.DatabaseSecret(inputs.Key.Name) ? inputs.Database
        : name == ObjectNames.TelegramSecret(inputs.Key.Name) ? inputs.Fence
        : name == inputs.Spec.SecretRef?.Name ? inputs.Secret
        : inputs.SecretOf(name);

    /// <summary>Length first: otherwise two entries could be read as another two.</summary>
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
