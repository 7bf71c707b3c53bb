using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Ports;

/// <summary>
/// Looks at databases beside the passes: a pass takes the latest observation and never waits for a server that does not answer.
/// A changed observation asks for a new pass of its instance.
/// </summary>
internal interface IDatabaseMonitor
{
    /// <summary>
    /// The latest observation of this target, or null when there is none yet. A new or changed target is looked at now; the call waits
    /// at most <paramref name="patience"/> for that first look, so that the usual case needs one pass.
    /// </summary>
    ValueTask<DatabaseObservation?> ObserveAsync(ObjectKey instance, DatabaseTarget target, TimeSpan patience, CancellationToken ct);

    /// <summary>Stops looking, for a deleted instance.</summary>
    void Forget(ObjectKey instance);
}

/// <summary>A database and a login. <see cref="object.ToString"/> never shows the password.</summary>
internal sealed record DatabaseTarget(string Host, int Port, string Name, string Username, string Password, SslMode SslMode)
{
    /// <summary>The pods that matter for what a look finds (UIDs and restarts): when it changes, the target is looked at again now, and the answer of before stands until then.</summary>
    public string Incarnation { get; init; } = "";

    /// <inheritdoc />
    public override string ToString() => $"{Username}@{Host}:{Port}/{Name} sslmode={SslMode}";
}

/// <summary>What a look at a database found.</summary>
internal abstract record DatabaseObservation
{
    private DatabaseObservation()
    {
    }

    /// <summary>The login worked.</summary>
    /// <param name="ServerVersion">For example <c>17.6</c>.</param>
    /// <param name="ServerVersionNumber">For example 170006.</param>
    /// <param name="Vector">Whether the <c>vector</c> extension is there or can be made.</param>
    /// <param name="Revisions">Rows of <c>alembic_version</c>; null when the table does not exist (a new database).</param>
    internal sealed record Available(string ServerVersion, int ServerVersionNumber, VectorSupport Vector, IReadOnlyList<string>? Revisions) : DatabaseObservation
    {
        /// <summary>Whether the role may write: create tables in a new database, change them in a used one.</summary>
        public bool CanWrite { get; init; } = true;

        /// <summary>By content, so that two looks that found the same are no change.</summary>
        public bool Equals(Available? other) =>
            other is not null
            && (ServerVersion, ServerVersionNumber, Vector, CanWrite) == (other.ServerVersion, other.ServerVersionNumber, other.Vector, other.CanWrite)
            && (Revisions is null) == (other.Revisions is null)
            && (Revisions ?? []).SequenceEqual(other.Revisions ?? [], StringComparer.Ordinal);

        /// <inheritdoc />
        public override int GetHashCode() => HashCode.Combine(ServerVersionNumber, Vector, CanWrite, Revisions?.Count);
    }

    /// <summary>It did not.</summary>
    /// <param name="Reason">One of <see cref="DatabaseFailures"/>.</param>
    /// <param name="Message">What is so, as a sentence; never the password, never what a stranger's server sent.</param>
    internal sealed record Failed(string Reason, string Message) : DatabaseObservation;
}

/// <summary>State of the <c>vector</c> extension in a database.</summary>
internal enum VectorSupport
{
    /// <summary>Created in this database.</summary>
    Installed,

    /// <summary>Not created; the role may create it.</summary>
    Creatable,

    /// <summary>Available on the server, but the role may not create it.</summary>
    NotPermitted,

    /// <summary>Not available on the server.</summary>
    Unavailable,
}
