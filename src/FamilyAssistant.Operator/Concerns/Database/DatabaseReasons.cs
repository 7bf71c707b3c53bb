using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>Reasons of <c>DatabaseReady</c>. See docs/conditions.md. Pod reasons of the managed server come from <c>PodReasons</c>.</summary>
internal static class DatabaseReasons
{
    /// <summary>True: the database answers, lets the role in and can hold vectors.</summary>
    public const string Available = "DatabaseAvailable";

    /// <summary>The first look at the database is under way.</summary>
    public const string Connecting = "Connecting";

    /// <summary>The managed server's pod is starting, or recovering after a crash.</summary>
    public const string Starting = "DatabaseStarting";

    /// <summary>No PostgreSQL server answers, or not now. The application is left as it is.</summary>
    public const string Unreachable = DatabaseFailures.Unreachable;

    /// <summary>The server refuses the role or its password.</summary>
    public const string AuthenticationFailed = DatabaseFailures.AuthenticationFailed;

    /// <summary>The server has no database of that name.</summary>
    public const string NotFound = DatabaseFailures.NotFound;

    /// <summary>The server admits encrypted connections only.</summary>
    public const string TlsRequired = DatabaseFailures.TlsRequired;

    /// <summary><c>sslMode: Require</c>, and the server offers no encryption that works.</summary>
    public const string TlsUnavailable = DatabaseFailures.TlsUnavailable;

    /// <summary>The host is, or resolves to, an address that instances may not name.</summary>
    public const string HostNotAllowed = DatabaseFailures.HostNotAllowed;

    /// <summary>The server is older than the vector extension supports.</summary>
    public const string ServerTooOld = DatabaseFailures.ServerTooOld;

    /// <summary>The vector extension is neither in the database nor can the role create it.</summary>
    public const string VectorUnavailable = "VectorUnavailable";

    /// <summary>The role or the server can only read.</summary>
    public const string ReadOnly = "ReadOnly";

    /// <summary>Another instance uses the same database and had it first.</summary>
    public const string InUse = "DatabaseInUse";

    /// <summary>The Secret with the credentials does not exist.</summary>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>The Secret lacks a key.</summary>
    public const string KeyNotFound = "KeyNotFound";

    /// <summary>User name or password cannot be right as they stand: empty, not text, or with a line break at the end.</summary>
    public const string InvalidCredentials = "InvalidCredentials";

    /// <summary>The managed server's volume is there and the Secret with its password is not.</summary>
    public const string PasswordLost = "PasswordLost";

    /// <summary>The image is of another PostgreSQL major version than the volume.</summary>
    public const string MajorVersionChange = "MajorVersionChange";

    /// <summary>The managed server's volume was deleted or lost.</summary>
    public const string VolumeLost = "DatabaseVolumeLost";

    /// <summary>The managed server's volume cannot become smaller.</summary>
    public const string CannotShrink = "CannotShrink";

    /// <summary>The spec asks for another storage class than the managed server's volume has.</summary>
    public const string Immutable = "VolumeImmutable";

    /// <summary>The API server refuses to let the managed server's volume grow, usually because its storage class does not allow it.</summary>
    public const string ExpansionRefused = "ExpansionRefused";
}
