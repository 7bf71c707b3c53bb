using System.Security.Authentication;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using SslMode = FamilyAssistant.Operator.Api.Instances.SslMode;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>What a failed look means. Never quotes what the server said: it may be anybody's server, and the message may hold anything.</summary>
internal static class DatabaseErrors
{
    /// <summary>The failure as an observation.</summary>
    public static DatabaseObservation.Failed Describe(Exception error, DatabaseTarget target) => error switch
    {
        PostgresException refused => Refused(refused, target),
        _ when IsTlsFailure(error) => new(
            DatabaseFailures.TlsUnavailable,
            $"Encryption is asked for, but the server at {target.Host}:{target.Port} offers none that works."),
        _ => Unreachable(target),
    };

    /// <summary>Nothing answers as PostgreSQL does.</summary>
    public static DatabaseObservation.Failed Unreachable(DatabaseTarget target) =>
        new(DatabaseFailures.Unreachable, $"No PostgreSQL server answers at {target.Host}:{target.Port}.");

    /// <summary>Whether another address of the same host may do better: a server that answered, even with a refusal, is the answer.</summary>
    public static bool MayTryElsewhere(Exception error) => error is not PostgresException && !IsTlsFailure(error);

    private static DatabaseObservation.Failed Refused(PostgresException error, DatabaseTarget target) => error.SqlState switch
    {
        "28000" when target.SslMode == SslMode.Disable && error.Routine == "ClientAuthentication" => new(
            DatabaseFailures.TlsRequired,
            $"The server at {target.Host}:{target.Port} admits no unencrypted login of role '{target.Username}' from here."),
        "28000" or "28P01" => new(
            DatabaseFailures.AuthenticationFailed,
            $"The server at {target.Host}:{target.Port} refuses the login of role '{target.Username}' to database '{target.Name}'."),
        "3D000" => new(
            DatabaseFailures.NotFound,
            $"The server at {target.Host}:{target.Port} has no database '{target.Name}'."),
        "42501" => new(
            DatabaseFailures.AuthenticationFailed,
            $"Role '{target.Username}' lacks a privilege in database '{target.Name}' that every application needs, such as CONNECT."),
        "53300" => new(
            DatabaseFailures.Unreachable,
            $"The server at {target.Host}:{target.Port} has no free connection: end idle ones or raise max_connections."),
        "57P01" or "57P02" or "57P03" => new(
            DatabaseFailures.Unreachable,
            $"The server at {target.Host}:{target.Port} is starting, stopping or recovering."),
        "57014" or "55P03" => new(
            DatabaseFailures.Unreachable,
            $"Database '{target.Name}' at {target.Host}:{target.Port} answers too slowly; something may hold a lock on alembic_version."),
        _ => new(
            DatabaseFailures.Unreachable,
            $"The server at {target.Host}:{target.Port} refuses to serve database '{target.Name}' (SQLSTATE {Code(error.SqlState)})."),
    };

    private static bool IsTlsFailure(Exception error) =>
        error is NpgsqlException
        && (error.InnerException is AuthenticationException
            || error.Message.StartsWith("SSL connection requested", StringComparison.Ordinal)
            || error.Message.StartsWith("Exception while performing SSL handshake", StringComparison.Ordinal));

    private static string Code(string state) => state.Length == 5 && state.All(char.IsAsciiLetterOrDigit) ? state : "unknown";
}
