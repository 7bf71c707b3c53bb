using System.Buffers.Text;
using System.Security.Cryptography;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>A Web Push key pair (RFC 8292): P-256, raw, URL-safe base64 without padding.</summary>
/// <param name="Private">The 32-byte scalar, 43 characters.</param>
/// <param name="Public">The 65-byte uncompressed point, 87 characters.</param>
internal sealed record VapidKey(string Private, string Public)
{
    /// <summary>Length of a public key in this form, in characters.</summary>
    public const int PublicLength = 87;

    private const int ScalarLength = 32;

    /// <summary>A new pair.</summary>
    public static VapidKey Generate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return new VapidKey(Base64Url.EncodeToString(parameters.D), Point(parameters));
    }

    /// <summary>The public key of a private one; padded base64 is accepted, as other Web Push libraries write it. Null when the text is not a raw P-256 scalar.</summary>
    public static string? PublicOf(ReadOnlySpan<byte> privateKey)
    {
        Span<byte> scalar = stackalloc byte[ScalarLength + 1];
        if (!Base64Url.IsValid(privateKey) || Base64Url.GetMaxDecodedLength(privateKey.Length) > ScalarLength + 4
            || !TryDecode(privateKey, scalar, out var length) || length != ScalarLength)
        {
            return null;
        }

        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar[..ScalarLength].ToArray() });
            return Point(key.ExportParameters(includePrivateParameters: false));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Shows the public half only.</summary>
    public override string ToString() => $"VapidKey {Public}";

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> target, out int written)
    {
        try
        {
            return Base64Url.TryDecodeFromUtf8(text, target, out written);
        }
        catch (FormatException)
        {
            written = 0;
            return false;
        }
    }

    private static string Point(ECParameters parameters) => Base64Url.EncodeToString([0x04, .. parameters.Q.X!, .. parameters.Q.Y!]);
}
