using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.Api.Backups;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>
/// Parts of a set in the log of the script <c>open-parts</c>, each sealed with the one-time key of its Job (AES-256-CBC with a key derived by PBKDF2, as
/// <c>openssl enc</c> writes it). Whoever may read logs but not Secrets learns nothing from them.
/// </summary>
internal static class SealedParts
{
    /// <summary>Iterations of PBKDF2. The key is random, so that they need not be many.</summary>
    private const int Iterations = 10_000;

    private const int SaltLength = 8;
    private static readonly byte[] Magic = "Salted__"u8.ToArray();

    /// <summary>A new one-time key: one line of text.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Content of a part; null when it is not whole in the log or was not sealed with this key.</summary>
    /// <param name="log">Log of the Job's pod.</param>
    /// <param name="part">The part.</param>
    /// <param name="key">The one-time key.</param>
    public static byte[]? Open(string log, BackupPart part, string key)
    {
        var begin = $"-----BEGIN FAMILY ASSISTANT PART {part}-----";
        var start = log.IndexOf(begin, StringComparison.Ordinal);
        var end = start < 0 ? -1 : log.IndexOf($"-----END FAMILY ASSISTANT PART {part}-----", start, StringComparison.Ordinal);
        return end < 0 ? null : Decrypt(log[(start + begin.Length)..end], key);
    }

    private static byte[]? Decrypt(string base64, string key)
    {
        try
        {
            var sealedBytes = Convert.FromBase64String(base64);
            if (!sealedBytes.AsSpan().StartsWith(Magic) || sealedBytes.Length < Magic.Length + SaltLength)
            {
                return null;
            }

            var secret = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(key), sealedBytes.AsSpan(Magic.Length, SaltLength), Iterations, HashAlgorithmName.SHA256, 48);
            using var aes = Aes.Create();
            aes.Key = secret[..32];
            return aes.DecryptCbc(sealedBytes.AsSpan(Magic.Length + SaltLength), secret.AsSpan(32));
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
