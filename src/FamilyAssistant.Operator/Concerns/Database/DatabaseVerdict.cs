using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>What an observation means for the gate, and what a person should do about it. Pure.</summary>
internal static class DatabaseVerdict
{
    /// <summary>The outcome of the step.</summary>
    /// <param name="observation">The latest look; null when the first is still under way.</param>
    /// <param name="target">What was looked at.</param>
    /// <param name="spec">The instance's database.</param>
    public static StepOutcome Of(DatabaseObservation? observation, DatabaseTarget target, DatabaseSpec spec) => observation switch
    {
        null => new StepOutcome.Progressing(DatabaseReasons.Connecting, $"Asking {target.Host}:{target.Port} for database '{target.Name}'."),
        DatabaseObservation.Failed { Reason: DatabaseFailures.Unreachable } failed => new StepOutcome.Progressing(failed.Reason, $"{failed.Message} {Remedy(failed.Reason, spec)}"),
        DatabaseObservation.Failed failed => new StepOutcome.Blocked(failed.Reason, $"{failed.Message} {Remedy(failed.Reason, spec)}"),
        DatabaseObservation.Available available => Judge(available, target),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static StepOutcome Judge(DatabaseObservation.Available available, DatabaseTarget target)
    {
        if (!available.CanWrite)
        {
            return new StepOutcome.Blocked(
                DatabaseReasons.ReadOnly,
                $"Role '{target.Username}' cannot write to database '{target.Name}'. Name the primary server, not a replica, and let the role own the database or its schema (GRANT CREATE, USAGE ON SCHEMA public).");
        }

        return available.Vector switch
        {
            VectorSupport.Unavailable => new StepOutcome.Blocked(
                DatabaseReasons.VectorUnavailable,
                $"The server of database '{target.Name}' has no extension 'vector'. Install pgvector on the server, for example the package postgresql-{available.ServerVersionNumber / 10000}-pgvector."),
            VectorSupport.NotPermitted => new StepOutcome.Blocked(
                DatabaseReasons.VectorUnavailable,
                $"Role '{target.Username}' may not create the extension 'vector' in database '{target.Name}'. As a superuser, run in that database: CREATE EXTENSION vector;"),
            _ => new StepOutcome.Settled(DatabaseReasons.Available, Describe(available)),
        };
    }

    private static string Describe(DatabaseObservation.Available available)
    {
        var server = $"PostgreSQL {available.ServerVersion}";
        return available.Revisions switch
        {
            null or [] => $"{server}, a new database; the application makes its schema.",
            [var only] => $"{server}, schema revision {only}.",
            var several => $"{server}. The schema has several revisions ({string.Join(", ", several)}): its migrations are in conflict.",
        };
    }

    private static string Remedy(string reason, DatabaseSpec spec) => spec.External is { } external ? External(reason, external) : Managed(reason);

    private static string External(string reason, ExternalDatabaseSpec spec) => reason switch
    {
        DatabaseFailures.Unreachable => "Check spec.database.external.host and port, that the server runs, and that firewalls and network policies let the operator and the instance reach it. The application is left as it is; the operator keeps looking.",
        DatabaseFailures.AuthenticationFailed => $"Correct keys {spec.CredentialsSecretRef.UsernameKey} and {spec.CredentialsSecretRef.PasswordKey} of Secret {spec.CredentialsSecretRef.Name}, or the role, its grants and pg_hba.conf on the server.",
        DatabaseFailures.NotFound => "Correct spec.database.external.name, or create the database, owned by that role.",
        DatabaseFailures.TlsRequired => "Set spec.database.external.sslMode to Require.",
        DatabaseFailures.TlsUnavailable => "Switch on ssl at the server, or set spec.database.external.sslMode to Disable if the way there is trusted.",
        DatabaseFailures.HostNotAllowed => "Name the database server's own address in spec.database.external.host.",
        DatabaseFailures.ServerTooOld => "Upgrade the server.",
        _ => "See the server's log.",
    };

    private static string Managed(string reason) => reason switch
    {
        DatabaseFailures.Unreachable => "The pod runs, but cannot be asked: check network policies between the operator's namespace and this one. The application is left as it is; the operator keeps looking.",
        DatabaseFailures.AuthenticationFailed => "The volume was made with another password than the Secret holds now. Put the old Secret back from a backup, or set the role's password in the server to the one in the Secret (ALTER ROLE … PASSWORD, as the postgres user in the pod).",
        DatabaseFailures.NotFound => "The volume was made for another database. Create it in the server, or start with an empty volume.",
        DatabaseFailures.ServerTooOld => "Name a later image in spec.database.managed.image; the data has to be dumped and restored.",
        _ => "See the log of the server's pod.",
    };
}
