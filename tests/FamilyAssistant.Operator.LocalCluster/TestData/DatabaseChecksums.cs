using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.TestData;

/// <summary>
/// What a database holds, as one line for each table: its number of rows and a sum over the hashes of all rows, in which their order does not count. Sequences and large objects are lines of
/// their own. Two databases with equal lines hold the same.
/// </summary>
/// <param name="Lines">By name, such as <c>public.notes</c>.</param>
public sealed record DatabaseChecksums(IReadOnlyDictionary<string, TableChecksum> Lines)
{
    private const string LargeObjects = "large objects";
    private const string Settings = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'";

    /// <summary>Tables that are no extension's, partitions as their leaves.</summary>
    private const string Tables =
        """
        SELECT n.nspname || '.' || c.relname, format('%I.%I', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        """;

    /// <summary>Rows of all tables. Sequences have none.</summary>
    public long Rows => Lines.Where(line => line.Key != LargeObjects).Sum(line => line.Value.Rows);

    /// <summary>Reads a database, in one snapshot.</summary>
    public static async Task<DatabaseChecksums> ReadAsync(string connectionString, CancellationToken cancellation = default)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await RowsAsync(connection, Settings, cancellation);
        var lines = new Dictionary<string, TableChecksum>();
        foreach (var table in await RowsAsync(connection, Tables, cancellation))
        {
            lines[table[0]] = await SumAsync(connection, $"SELECT count(*)::text, coalesce(sum(hashtextextended(the_row::text, 0)), 0)::text FROM ONLY {table[1]} the_row", cancellation);
        }

        foreach (var sequence in await RowsAsync(connection, "SELECT schemaname || '.' || sequencename, coalesce(last_value, -1)::text FROM pg_sequences", cancellation))
        {
            lines[$"sequence {sequence[0]}"] = new TableChecksum(0, sequence[1]);
        }

        lines[LargeObjects] = await SumAsync(
            connection, "SELECT count(*)::text, coalesce(sum(hashtextextended(oid::text || encode(lo_get(oid), 'hex'), 0)), 0)::text FROM pg_largeobject_metadata", cancellation);
        return new DatabaseChecksums(lines);
    }

    /// <summary>One sentence for each line that is not the same in the other one; empty when both hold the same.</summary>
    public IReadOnlyList<string> Differences(DatabaseChecksums other) =>
    [
        .. Lines.Keys.Union(other.Lines.Keys).Order(StringComparer.Ordinal)
            .Where(name => Lines.GetValueOrDefault(name) != other.Lines.GetValueOrDefault(name))
            .Select(name => $"{name}: {Lines.GetValueOrDefault(name)?.ToString() ?? "absent"} here, {other.Lines.GetValueOrDefault(name)?.ToString() ?? "absent"} there"),
    ];

    private static async Task<TableChecksum> SumAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        var row = (await RowsAsync(connection, sql, cancellation)).Single();
        return new TableChecksum(long.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), row[1]);
    }

    private static async Task<List<string[]>> RowsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return rows;
    }
}

/// <summary>What one table holds.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="Sum">Sum over the hashes of all rows.</param>
public sealed record TableChecksum(long Rows, string Sum)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rows} rows with sum {Sum}";
}
