using System.Globalization;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>The value of <c>DATABASE_URL</c>.</summary>
internal static class DatabaseUrl
{
    /// <summary>
    /// Every part percent-encoded to the characters that no URL parser reads anything into. The transport security is named as asyncpg knows it (<c>ssl</c>):
    /// libpq's <c>sslmode</c> would be refused as an unknown argument.
    /// </summary>
    public static string Of(DatabaseTarget target) => string.Create(
        CultureInfo.InvariantCulture,
        $"postgresql+asyncpg://{Uri.EscapeDataString(target.Username)}:{Uri.EscapeDataString(target.Password)}{Place(target)}?ssl={Ssl(target.SslMode)}");

    /// <summary>Whether a URL that was made here leads to this database, whoever logs in and however.</summary>
    public static bool LeadsTo(string url, DatabaseTarget target) => url.Contains(Place(target) + "?", StringComparison.Ordinal);

    /// <summary>An <c>@</c> and a <c>/</c> of a user name or password are encoded, so this stands nowhere else.</summary>
    private static string Place(DatabaseTarget target) =>
        string.Create(CultureInfo.InvariantCulture, $"@{target.Host}:{target.Port}/{Uri.EscapeDataString(target.Name)}");

    private static string Ssl(SslMode mode) => mode switch
    {
        SslMode.Require => "require",
        SslMode.Disable => "disable",
        _ => "prefer",
    };
}
