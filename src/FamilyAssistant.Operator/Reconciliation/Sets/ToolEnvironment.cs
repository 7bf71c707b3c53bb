namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>
/// Environment of the scripts: their only input beside the mounted files. None has a default unless it says so. The connection travels in libpq's own
/// variables: <see cref="Host"/> and its neighbours.
/// </summary>
internal static class ToolEnvironment
{
    /// <summary>Host of the database server. <c>inspect</c> looks at no database without it.</summary>
    public const string Host = "PGHOST";

    /// <summary>Port of the database server; default 5432.</summary>
    public const string Port = "PGPORT";

    /// <summary>The database: <c>^[a-z_][a-z0-9_]*$</c>, anything else is refused before it reaches libpq, which would take it for a connection string.</summary>
    public const string Database = "PGDATABASE";

    /// <summary>The role.</summary>
    public const string User = "PGUSER";

    /// <summary>Its password; from a Secret, never a literal.</summary>
    public const string Password = "PGPASSWORD";

    /// <summary>TLS of the connection, for example <c>require</c>.</summary>
    public const string SslMode = "PGSSLMODE";

    /// <summary>File with the certificate of who signed the server's.</summary>
    public const string SslRootCertificate = "PGSSLROOTCERT";

    /// <summary>Folder of the instance on the set volume: its name.</summary>
    public const string Instance = "FA_INSTANCE";

    /// <summary>Id of the set.</summary>
    public const string Set = "FA_SET";

    /// <summary>Parts that a backup makes, separated by spaces.</summary>
    public const string Include = "FA_INCLUDE";

    /// <summary>Parts of an existing set that are looked at, separated by spaces. Default: all that the set has.</summary>
    public const string Parts = "FA_PARTS";

    /// <summary><c>Read</c> (default), or <c>Restore</c> for a test restore as well.</summary>
    public const string Verify = "FA_VERIFY";

    /// <summary>First eight characters of the restore's UID: part of the names of what it sets aside.</summary>
    public const string Uid8 = "FA_UID8";

    /// <summary>Whether a restore may replace rows: <c>true</c> or <c>false</c> (default).</summary>
    public const string ReplaceData = "FA_REPLACE_DATA";

    /// <summary>How the database is replaced: <c>Auto</c> (default: a new database and a swap, or one transaction where that is not possible), or <c>Transaction</c>.</summary>
    public const string Mode = "FA_MODE";

    /// <summary>For <c>swap-back</c>: whether the database had no row before the restore: <c>true</c> or <c>false</c> (default). Then it is emptied when nothing was set aside.</summary>
    public const string WasEmpty = "FA_WAS_EMPTY";

    /// <summary>Ids of sets that must be there before another one is deleted, separated by spaces; may be empty.</summary>
    public const string Keep = "FA_KEEP";

    /// <summary>Longest wait for another run of the same step, and for sessions that keep a database from being renamed, in seconds; default 300.</summary>
    public const string WaitSeconds = "FA_WAIT_SECONDS";

    /// <summary>File of a backup's half of the manifest, below the mounted input.</summary>
    public const string ManifestFile = "manifest.json";

    /// <summary>File of the part <c>Configuration</c>, in the input and in the set.</summary>
    public const string ConfigurationFile = "configuration.json";

    /// <summary>File of the part <c>Secrets</c> in the input, where it is not encrypted.</summary>
    public const string SecretsFile = "secrets.json";

    /// <summary>File of the one-time key of <c>open-parts</c>, below the mounted input: one line.</summary>
    public const string SealKeyFile = "seal-key";

    /// <summary>Where the set volume is mounted.</summary>
    public const string SetMount = "/set";

    /// <summary>Where the data volume is mounted.</summary>
    public const string DataMount = "/data";

    /// <summary>Where the Secret that the operator made for the Job is mounted.</summary>
    public const string InputMount = "/input";

    /// <summary>Where the Secret with the passphrase is mounted, with the one file <see cref="PassphraseFile"/>.</summary>
    public const string PassphraseMount = "/passphrase";

    /// <summary>Name of the file with the passphrase, of which the first line counts.</summary>
    public const string PassphraseFile = "passphrase";

    /// <summary>Where the scratch space is mounted: small, unless a test restore needs room for the whole database.</summary>
    public const string ScratchMount = "/scratch";
}
