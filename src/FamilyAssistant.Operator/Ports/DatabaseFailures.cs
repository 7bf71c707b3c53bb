namespace FamilyAssistant.Operator.Ports;

/// <summary>Why a look at a database found nothing that can be used. The words are reasons of the condition <c>DatabaseReady</c>.</summary>
internal static class DatabaseFailures
{
    /// <summary>Nothing there speaks PostgreSQL, or not now. One word for refused, silent and garbled answers: telling them apart would make the operator a port scanner.</summary>
    public const string Unreachable = "DatabaseUnreachable";

    /// <summary>The server refuses the role or its password.</summary>
    public const string AuthenticationFailed = "AuthenticationFailed";

    /// <summary>The server has no database of that name.</summary>
    public const string NotFound = "DatabaseNotFound";

    /// <summary>The server admits encrypted connections only.</summary>
    public const string TlsRequired = "TlsRequired";

    /// <summary>Encryption is asked for and the server offers none that works.</summary>
    public const string TlsUnavailable = "TlsUnavailable";

    /// <summary>The host is, or resolves to, an address that instances may not name.</summary>
    public const string HostNotAllowed = "HostNotAllowed";

    /// <summary>The server is older than the vector extension supports.</summary>
    public const string ServerTooOld = "ServerTooOld";
}
