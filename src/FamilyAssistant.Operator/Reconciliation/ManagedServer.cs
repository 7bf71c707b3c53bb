using System.Globalization;
using System.Text.RegularExpressions;
using FamilyAssistant.Operator.Api;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>What is fixed about the managed PostgreSQL.</summary>
internal static partial class ManagedServer
{
    /// <summary>Port of server and Service.</summary>
    public const int Port = 5432;

    /// <summary>
    /// The one role. It owns the database and is the superuser of this private server: creating the vector extension needs that wherever the extension is not marked as trusted.
    /// </summary>
    public const string Role = "family_assistant";

    /// <summary>The one database.</summary>
    public const string Database = "family_assistant";

    /// <summary>Key of the role's name in the server's Secret; nothing reads it but people.</summary>
    public const string UsernameKey = "username";

    /// <summary>Key of the role's password in the server's Secret.</summary>
    public const string PasswordKey = "password";

    /// <summary>The address of an instance's server within the cluster.</summary>
    public static string HostOf(string @namespace, string instance) => $"{ObjectNames.ManagedDatabase(instance)}.{@namespace}.svc";

    /// <summary>Name of the server's container.</summary>
    public const string Container = "postgres";

    /// <summary>The PostgreSQL major version that an image's tag names (<c>pg17</c>, <c>0.8.1-pg17-bookworm</c>); null when it names none.</summary>
    public static int? MajorOf(string? image)
    {
        var tag = image is null ? "" : image.Split('@')[0].Split('/')[^1];
        return VersionInTag().Match(tag) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("[:.-]pg([0-9]{2})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex VersionInTag();
}
