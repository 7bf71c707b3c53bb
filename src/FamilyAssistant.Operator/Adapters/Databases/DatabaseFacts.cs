using Npgsql;
using NpgsqlTypes;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>
/// The questions to a database. Everything before the search path is pinned is qualified, and nothing of the database's own is ever called or
/// read through: a function, operator or view that somebody put into <c>public</c> must not run under the role that the operator logs in with.
/// </summary>
internal sealed class DatabaseFacts(NpgsqlConnection connection)
{
    /// <summary>Most rows of <c>alembic_version</c> that are read; more than one is a conflict already.</summary>
    private const int MostRevisions = 8;

    private const string Find =
        "SELECT pg_catalog.to_regclass('alembic_version')::pg_catalog.oid::pg_catalog.int8, pg_catalog.current_schema()::pg_catalog.text";

    private const string Facts =
        """
        SELECT
          EXISTS (SELECT FROM pg_extension WHERE extname = 'vector'),
          EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector'),
          EXISTS (SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper)
            OR (EXISTS (SELECT FROM pg_available_extension_versions WHERE name = 'vector' AND trusted) AND has_database_privilege(current_database(), 'CREATE')),
          coalesce(has_schema_privilege($1, 'CREATE'), false),
          pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on',
          pg_database_size(current_database())
        """;

    private const string Table =
        """
        SELECT n.nspname::text, has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = $1::int8::oid AND c.relkind = 'r' AND NOT c.relrowsecurity
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'version_num' AND a.atttypid IN (25, 1043) AND a.attgenerated = '')
        """;

    private const string Sessions =
        "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY 1";

    /// <summary>Where the application would find its schema version and create its tables; pins the search path for everything after it.</summary>
    /// <remarks>
    /// In a transaction and with SET LOCAL, not by start-up parameters: a connection pooler in between refuses the ones and would pass a plain SET on to somebody else.
    /// </remarks>
    public async Task<(long? AlembicTable, string? Schema)> FindAsync(CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN READ ONLY"),
                new NpgsqlBatchCommand(Find),
                new NpgsqlBatchCommand("SET LOCAL search_path TO pg_catalog, pg_temp"),
                new NpgsqlBatchCommand("SET LOCAL statement_timeout TO '8s'"),
                new NpgsqlBatchCommand("SET LOCAL lock_timeout TO '2s'"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }

    /// <summary>Extension, privileges, size and sessions; and the table of revisions, where there is one.</summary>
    public async Task<DatabaseAnswers> AskAsync(long? alembicTable, string? schema, CancellationToken ct)
    {
        var facts = new NpgsqlBatchCommand(Facts);
        facts.Parameters.Add(new NpgsqlParameter { Value = (object?)schema ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var table = new NpgsqlBatchCommand(Table);
        table.Parameters.Add(new NpgsqlParameter { Value = (object?)alembicTable ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { facts, table, new NpgsqlBatchCommand(Sessions) } };
        await using var reader = await batch.ExecuteReaderAsync(ct);

        await reader.ReadAsync(ct);
        var answers = new DatabaseAnswers(
            VectorInstalled: reader.GetBoolean(0),
            VectorAvailable: reader.GetBoolean(1),
            VectorCreatable: reader.GetBoolean(2),
            MayCreateTables: reader.GetBoolean(3),
            ReadOnlyServer: reader.GetBoolean(4),
            SizeBytes: reader.GetInt64(5));

        await reader.NextResultAsync(ct);
        if (await reader.ReadAsync(ct))
        {
            answers = answers with { Alembic = new AlembicTable(reader.GetString(0), MayRead: reader.GetBoolean(1), MayWrite: reader.GetBoolean(2)) };
        }

        await reader.NextResultAsync(ct);
        var sessions = new Dictionary<string, long>();
        while (await reader.ReadAsync(ct))
        {
            sessions[reader.GetString(0)] = reader.GetInt64(1);
        }

        return answers with { Sessions = sessions };
    }

    /// <summary>The rows of <c>alembic_version</c>, sorted, of each at most 64 characters.</summary>
    public async Task<IReadOnlyList<string>> ReadRevisionsAsync(AlembicTable table, CancellationToken ct)
    {
        var schema = $"\"{table.Schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await using var command = new NpgsqlCommand($"SELECT left(version_num::text, 64) FROM ONLY {schema}.alembic_version LIMIT {MostRevisions}", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var revisions = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            if (!await reader.IsDBNullAsync(0, ct))
            {
                revisions.Add(Printable(reader.GetString(0)));
            }
        }

        revisions.Sort(StringComparer.Ordinal);
        return revisions;
    }

    /// <summary>Ends the transaction properly, so that a pooler keeps its connection to the server.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("COMMIT", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A revision goes to status and messages: what is not of an identifier's characters does not.</summary>
    private static string Printable(string revision) =>
        string.Concat(revision.Select(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' ? character : '?'));
}

/// <summary>Answers to the questions.</summary>
internal sealed record DatabaseAnswers(
    bool VectorInstalled, bool VectorAvailable, bool VectorCreatable, bool MayCreateTables, bool ReadOnlyServer, long SizeBytes)
{
    /// <summary>The table of revisions; null when there is none that is a plain table.</summary>
    public AlembicTable? Alembic { get; init; }

    /// <summary>Sessions by state.</summary>
    public IReadOnlyDictionary<string, long> Sessions { get; init; } = new Dictionary<string, long>();
}

/// <summary>The table <c>alembic_version</c> and what the role may do with it.</summary>
internal sealed record AlembicTable(string Schema, bool MayRead, bool MayWrite);
