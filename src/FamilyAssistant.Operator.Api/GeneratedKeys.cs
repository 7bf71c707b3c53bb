namespace FamilyAssistant.Operator.Api;

/// <summary>Keys of the Secret <c>&lt;instance&gt;-generated</c>: made once, never silently again. A key of the same name in the instance's own Secret wins.</summary>
public static class GeneratedKeys
{
    /// <summary>Signs web sessions; 32 random bytes, hexadecimal.</summary>
    public const string SessionSecret = "SESSION_SECRET_KEY";

    /// <summary>Web Push private key (RFC 8292): raw P-256 scalar, URL-safe base64 without padding, 43 characters.</summary>
    public const string VapidPrivate = "VAPID_PRIVATE_KEY";

    /// <summary>Web Push public key derived from it: uncompressed point, 87 characters.</summary>
    public const string VapidPublic = "VAPID_PUBLIC_KEY";

    /// <summary>Key of the hashes in annotations; 32 random bytes, hexadecimal. Never given to a pod.</summary>
    public const string HashKey = "OPERATOR_HASH_KEY";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [SessionSecret, VapidPrivate, VapidPublic, HashKey];
}
