using System.Security.Cryptography;
using System.Text;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>
/// Fingerprints of the keys without which a restored database loses its push subscriptions or sessions. Each set has a key of its own for them, which stands in
/// its manifest: fingerprints of different sets say nothing about each other.
/// </summary>
internal static class KeyFingerprints
{
    /// <summary>Names of the environment variables that are compared.</summary>
    public static readonly IReadOnlyList<string> Names = ["VAPID_PRIVATE_KEY", "SESSION_SECRET_KEY"];

    /// <summary>The key of a set, in hexadecimal: looks random and is the same after a crash.</summary>
    /// <param name="hashKey">The instance's secret hash key.</param>
    /// <param name="setId">Id of the set.</param>
    public static string KeyOf(ReadOnlySpan<byte> hashKey, string setId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(hashKey, Encoding.UTF8.GetBytes($"backup set {setId}")));

    /// <summary>The fingerprint of a value, in hexadecimal. A padding or a line feed at its end does not make another key of it.</summary>
    /// <param name="fingerprintKey">What <see cref="KeyOf"/> gave.</param>
    /// <param name="name">Name of the variable: the same value under another name has another fingerprint.</param>
    /// <param name="value">Its value.</param>
    public static string Of(string fingerprintKey, string name, ReadOnlySpan<byte> value)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(fingerprintKey));
        hmac.AppendData(Encoding.UTF8.GetBytes(name));
        hmac.AppendData([0]);
        hmac.AppendData(value.TrimEnd(" \t\r\n="u8));
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>Fingerprints of those of <see cref="Names"/> that have a value.</summary>
    /// <param name="fingerprintKey">What <see cref="KeyOf"/> gave.</param>
    /// <param name="valueOf">The value in force of a variable; null when there is none.</param>
    public static IReadOnlyList<SetKey> Of(string fingerprintKey, Func<string, byte[]?> valueOf) =>
        [.. Names.Select(name => (name, value: valueOf(name))).Where(key => key.value is { Length: > 0 }).Select(key => new SetKey(key.name, Of(fingerprintKey, key.name, key.value)))];

    /// <summary>Names of the keys of a set whose value here is another one or absent. A set without a fingerprint of a key says nothing about it.</summary>
    /// <param name="manifest">Manifest of the set.</param>
    /// <param name="valueOf">The value in force of a variable; null when there is none.</param>
    public static IReadOnlyList<string> Different(SetManifest manifest, Func<string, byte[]?> valueOf) => manifest.FingerprintKey is not { } key
        ? []
        : [.. (manifest.Keys ?? []).Where(known => valueOf(known.Name) is not { Length: > 0 } value || !SameText(Of(key, known.Name, value), known.Fingerprint)).Select(known => known.Name)];

    private static bool SameText(string left, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
