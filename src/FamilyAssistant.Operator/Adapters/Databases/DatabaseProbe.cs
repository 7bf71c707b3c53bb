using System.Globalization;
using System.Net;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>Looks at a database with Npgsql: one unpooled connection, three short round trips, gone.</summary>
internal sealed partial class DatabaseProbe(HostLookup hosts, AddressPolicy addresses, TimeProvider time, ILogger<DatabaseProbe> logger) : IDatabaseProbe
{
    /// <summary>The oldest server that the vector extension supports, and that knows trusted extensions.</summary>
    public const int OldestMajorVersion = 13;

    /// <summary>Bounds a whole look, whatever a server does between its answers.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private const int MostAddresses = 4;

    /// <inheritdoc />
    public async Task<DatabaseLook> LookAsync(string @namespace, DatabaseTarget target, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await ResolveAndAskAsync(@namespace, target, both.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A server may answer anything, and what a driver makes of it is not bounded either; the next look must still come.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogFailure(target.Host, target.Port, error.GetType().Name, (error as PostgresException)?.SqlState);
            return new DatabaseLook(DatabaseErrors.Describe(error, target));
        }
    }

    private async Task<DatabaseLook> ResolveAndAskAsync(string @namespace, DatabaseTarget target, CancellationToken ct)
    {
        var resolved = await hosts.ResolveAsync(target.Host, @namespace, ct);
        if (resolved.Count == 0)
        {
            return new DatabaseLook(new DatabaseObservation.Failed(DatabaseFailures.Unreachable, $"The host name {target.Host} cannot be resolved."));
        }

        var allowed = resolved.Where(address => addresses.Allows(address, target.Port)).Take(MostAddresses).ToList();
        if (allowed.Count == 0)
        {
            return new DatabaseLook(new DatabaseObservation.Failed(
                DatabaseFailures.HostNotAllowed,
                $"The host {target.Host} is an address of the operator's own machine, of a node or of the cluster's or cloud's control plane."));
        }

        foreach (var address in allowed.SkipLast(1))
        {
            try
            {
                return await AskAsync(address, target, ct);
            }
            catch (NpgsqlException error) when (DatabaseErrors.MayTryElsewhere(error))
            {
                LogNextAddress(target.Host, error.GetType().Name);
            }
        }

        return await AskAsync(allowed[^1], target, ct);
    }

    private static async Task<DatabaseLook> AskAsync(IPAddress address, DatabaseTarget target, CancellationToken ct)
    {
        await using var source = DatabaseConnections.To(address, target);
        await using var connection = await source.OpenConnectionAsync(ct);
        var version = connection.PostgreSqlVersion;
        var text = string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}");
        if (version.Major < OldestMajorVersion)
        {
            return new DatabaseLook(new DatabaseObservation.Failed(
                DatabaseFailures.ServerTooOld,
                $"The server at {target.Host}:{target.Port} is PostgreSQL {text}; the vector extension needs {OldestMajorVersion} or later."));
        }

        var facts = new DatabaseFacts(connection);
        var (alembicTable, schema) = await facts.FindAsync(ct);
        var answers = await facts.AskAsync(alembicTable, schema, ct);
        IReadOnlyList<string>? revisions = answers.Alembic is not { } table ? null
            : table.MayRead ? await facts.ReadRevisionsAsync(table, ct)
            : [];
        await facts.EndAsync(ct);

        var observation = new DatabaseObservation.Available(text, (version.Major * 10000) + version.Minor, Vector(answers), revisions)
        {
            CanWrite = !answers.ReadOnlyServer && (answers.Alembic is { } used ? used is { MayRead: true, MayWrite: true } : answers.MayCreateTables),
        };
        return new DatabaseLook(observation, new DatabaseFigures(answers.SizeBytes, answers.Sessions));
    }

    private static VectorSupport Vector(DatabaseAnswers answers) => answers switch
    {
        { VectorInstalled: true } => VectorSupport.Installed,
        { VectorAvailable: false } => VectorSupport.Unavailable,
        { VectorCreatable: true } => VectorSupport.Creatable,
        _ => VectorSupport.NotPermitted,
    };

    [LoggerMessage(2000, LogLevel.Debug, "A look at {Host}:{Port} failed: {Error} {SqlState}")]
    private partial void LogFailure(string host, int port, string error, string? sqlState);

    [LoggerMessage(2001, LogLevel.Debug, "One address of {Host} does not answer ({Error}); trying the next")]
    private partial void LogNextAddress(string host, string error);
}
