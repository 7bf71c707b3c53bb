using System.Globalization;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>
/// Order of resourceVersions. Formally opaque, in fact etcd's revision as a number (and since Kubernetes 1.35 documented as comparable);
/// where one is not a number nothing is known and the later arrival wins.
/// </summary>
internal static class ResourceVersions
{
    /// <summary>Whether <paramref name="a"/> is certainly older than <paramref name="b"/>.</summary>
    public static bool IsOlder(string a, string b) => TryParse(a, out var x) && TryParse(b, out var y) && x < y;

    /// <summary>Whether <paramref name="a"/> is certainly newer than <paramref name="b"/>.</summary>
    public static bool IsNewer(string a, string b) => IsOlder(b, a);

    private static bool TryParse(string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
