using System.Net;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>
/// Counts with Npgsql: one unpooled connection, gone after the answer. The rules of <see cref="DatabaseFacts"/> hold: nothing of the database's own is called or read through, and the
/// search path is pinned before anything that is not qualified.
/// </summary>
internal sealed partial class PushSubscriptions(HostLookup hosts, AddressPolicy addresses, TimeProvider time, ILogger<PushSubscriptions> logger) : IPushSubscriptions
{
    private const int MostAddresses = 2;

    private const string Find = "SELECT pg_catalog.to_regclass('push_subscriptions')::pg_catalog.oid::pg_catalog.int8";

    /// <summary>A plain table without policies: to count it runs nobody's code.</summary>
    private const string Table =
        """
        SELECT n.nspname::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = $1::int8::oid AND c.relkind = 'r' AND NOT c.relrowsecurity AND has_table_privilege(c.oid, 'SELECT')
        """;

    /// <inheritdoc />
    public async ValueTask<long?> CountAsync(string @namespace, string databaseUrl, CancellationToken ct)
    {
        if (ApplicationUrl.Read(databaseUrl) is not { } target)
        {
            return null;
        }

        using var limit = new CancellationTokenSource(IPushSubscriptions.Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await TryAddressesAsync(@namespace, target, both.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A server may answer anything; the keys are changed whether or not somebody can count.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailure(target.Host, target.Port, error.GetType().Name, (error as PostgresException)?.SqlState);
            return null;
        }
    }

    private async Task<long?> TryAddressesAsync(string @namespace, DatabaseTarget target, CancellationToken ct)
    {
        var allowed = (await hosts.ResolveAsync(target.Host, @namespace, ct)).Where(address => addresses.Allows(address, target.Port)).Take(MostAddresses).ToList();
        foreach (var address in allowed.SkipLast(1))
        {
            try
            {
                return await AskAsync(address, target, ct);
            }
            catch (NpgsqlException error) when (DatabaseErrors.MayTryElsewhere(error))
            {
                LogFailure(target.Host, target.Port, error.GetType().Name, null);
            }
        }

        return allowed.Count == 0 ? null : await AskAsync(allowed[^1], target, ct);
    }

    private static async Task<long?> AskAsync(IPAddress address, DatabaseTarget target, CancellationToken ct)
    {
        await using var source = DatabaseConnections.To(address, target);
        await using var connection = await source.OpenConnectionAsync(ct);
        long? table;
        await using (var begin = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN READ ONLY"),
                new NpgsqlBatchCommand(Find),
                new NpgsqlBatchCommand("SET LOCAL search_path TO pg_catalog, pg_temp"),
                new NpgsqlBatchCommand("SET LOCAL statement_timeout TO '3s'"),
                new NpgsqlBatchCommand("SET LOCAL lock_timeout TO '1s'"),
            },
        })
        {
            await using var reader = await begin.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            table = reader.IsDBNull(0) ? null : reader.GetInt64(0);
        }

        var count = table is { } oid ? await CountAsync(connection, oid, ct) : 0;
        await using var end = new NpgsqlCommand("COMMIT", connection);
        await end.ExecuteNonQueryAsync(ct);
        return count;
    }

    private static async Task<long?> CountAsync(NpgsqlConnection connection, long table, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(Table, connection);
        find.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Bigint });
        if (await find.ExecuteScalarAsync(ct) is not string schema)
        {
            return null;
        }

        await using var count = new NpgsqlCommand($"SELECT count(*) FROM ONLY \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\".push_subscriptions", connection);
        return (long?)await count.ExecuteScalarAsync(ct);
    }

    [LoggerMessage(2010, LogLevel.Debug, "Push subscriptions at {Host}:{Port} cannot be counted: {Error} {SqlState}")]
    private partial void LogFailure(string host, int port, string error, string? sqlState);
}
