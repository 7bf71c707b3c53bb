using FamilyAssistant.Operator.LocalCluster.Postgres;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

/// <summary>A database of one test.</summary>
public sealed record TestDatabase(PostgresServer Server, string Name, string Password)
{
    public string Url => $"postgresql+asyncpg://{Name}:{Uri.EscapeDataString(Password)}@{Server.Host}:{Server.Port}/{Name}";

    /// <summary>The first column of the first row, as superuser.</summary>
    public Task<T?> ScalarAsync<T>(string sql) => Server.ScalarAsync<T>(sql, Name, TestContext.Current.CancellationToken);

    /// <summary>Ends every session, also of a process that is gone while its statement still runs.</summary>
    public Task EndSessionsAsync() =>
        Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'", cancellation: TestContext.Current.CancellationToken);

    public async Task<string> RevisionsAsync() =>
        await ScalarAsync<string>("SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version") ?? "";

    public async Task<string> TablesAsync() =>
        await ScalarAsync<string>("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace") ?? "";

    /// <summary>Every column of every table with its type: the whole schema as text.</summary>
    public async Task<string> SchemaAsync() => await ScalarAsync<string>(
        """
        SELECT string_agg(relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull, E'\n' ORDER BY relname, attname)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attnum > 0 AND NOT attisdropped AND relkind = 'r' AND relnamespace = 'public'::regnamespace
        """) ?? "";
}
