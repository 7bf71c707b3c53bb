using FamilyAssistant.Operator.Ports;
using SslMode = FamilyAssistant.Operator.Api.Instances.SslMode;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>Reads the <c>DATABASE_URL</c> that the operator made for an application.</summary>
internal static class ApplicationUrl
{
    private const int DefaultPort = 5432;

    /// <summary>Database and login; null when the text is no such URL.</summary>
    public static DatabaseTarget? Read(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.Scheme.StartsWith("postgresql", StringComparison.Ordinal) || address.Host.Length == 0)
        {
            return null;
        }

        var login = address.UserInfo.Split(':', 2);
        return login is [{ Length: > 0 } username, var password] && address.AbsolutePath.Length > 1
            ? new DatabaseTarget(
                address.Host,
                address.Port > 0 ? address.Port : DefaultPort,
                Uri.UnescapeDataString(address.AbsolutePath[1..]),
                Uri.UnescapeDataString(username),
                Uri.UnescapeDataString(password),
                Mode(address.Query))
            : null;
    }

    private static SslMode Mode(string query) => query.TrimStart('?').Split('&').FirstOrDefault(static part => part.StartsWith("ssl=", StringComparison.Ordinal)) switch
    {
        "ssl=require" => SslMode.Require,
        "ssl=disable" => SslMode.Disable,
        _ => SslMode.Prefer,
    };
}
