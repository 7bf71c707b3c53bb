using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.Postgres;

/// <summary>
/// A real PostgreSQL of this machine with pgvector: the database outside the cluster that instances use. TLS is on (self-signed) and not
/// required; passwords are SCRAM. Nothing is synced to disk. It ends with this process, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string VectorTemplate = "template_vector";
    private readonly PostgresFiles _files;
    private ChildProcess? _process;

    private PostgresServer(PostgresFiles files, int port, string password)
    {
        _files = files;
        Port = port;
        SuperPassword = password;
    }

    /// <summary>Address, an IPv4 one of the loopback range.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <summary>Port; the same over a stop and a new start.</summary>
    public int Port { get; }

    /// <summary>Name of the superuser.</summary>
    public string SuperUser { get; } = PostgresFiles.SuperUser;

    /// <summary>Password of the superuser, other on every server.</summary>
    public string SuperPassword { get; }

    /// <summary>PEM file of the server's own certificate, for <c>verify-full</c>; valid for <see cref="Host"/> and <c>localhost</c>.</summary>
    public string CertificateFile => _files.Certificate;

    /// <summary>The server's log.</summary>
    public string LogFile => _files.Log;

    /// <summary>Whether the server runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Creates a server in a folder (its content is replaced) and returns once it answers; takes about two seconds.</summary>
    public static async Task<PostgresServer> StartAsync(string dataDirectory, CancellationToken cancellation = default)
    {
        var password = Guid.NewGuid().ToString("N");
        var files = await PostgresFiles.CreateAsync(dataDirectory, password, cancellation);
        var server = new PostgresServer(files, FreePorts.Next(), password);
        try
        {
            await server.StartAgainAsync(cancellation);
            await server.ExecuteAsync($"CREATE DATABASE {VectorTemplate}", cancellation: cancellation);
            await server.ExecuteAsync("CREATE EXTENSION vector", VectorTemplate, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string of the superuser, without pooling: a test's connections are gone when it is done with them.</summary>
    public string ConnectionString(string database = "postgres") => ConnectionString(database, SuperUser, SuperPassword);

    /// <summary>The same for another user.</summary>
    public string ConnectionString(string database, string user, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = Host, Port = Port, Database = database, Username = user, Password = password, Pooling = false, Timeout = 5,
    }.ConnectionString;

    /// <summary>
    /// Creates a database and its owner, a role without privileges (an existing one gets the password). With <paramref name="withVector"/> the
    /// extension is there already; without it the owner cannot create it, as on a server where only an administrator may.
    /// </summary>
    public async Task CreateDatabaseAsync(string name, string owner, string password, bool withVector = true, CancellationToken cancellation = default)
    {
        var exists = await ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = {Literal(owner)})", cancellation: cancellation);
        await ExecuteAsync($"{(exists ? "ALTER" : "CREATE")} ROLE {Identifier(owner)} LOGIN PASSWORD {Literal(password)}", cancellation: cancellation);
        var template = withVector ? VectorTemplate : "template1";
        await ExecuteAsync($"CREATE DATABASE {Identifier(name)} OWNER {Identifier(owner)} TEMPLATE {template}", cancellation: cancellation);
    }

    /// <summary>Drops a database, ending its sessions; its owner stays.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken cancellation = default) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {Identifier(name)} WITH (FORCE)", cancellation: cancellation);

    /// <summary>Runs one statement as superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres", CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(database, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first column of the first row, as superuser; the default of <typeparamref name="T"/> when there is none.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = "postgres", CancellationToken cancellation = default)
    {
        await using var connection = await OpenAsync(database, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
    }

    /// <summary>An outage: sessions are ended, connections are refused. Does nothing when it is stopped.</summary>
    public Task StopAsync() => EndAsync(PostgresFiles.FastShutdownSignal);

    /// <summary>A crash: every session ends in the middle of what it does, nothing is finished or rolled back, and the next start has to recover. Does nothing when it is stopped.</summary>
    public Task CrashAsync() => EndAsync(PostgresFiles.ImmediateShutdownSignal);

    /// <summary>Ends an outage: same data, same port. Does nothing when it runs.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation = default)
    {
        if (IsRunning)
        {
            return;
        }

        _process = _files.Start(Host, Port);
        var limit = TimeProvider.System.GetTimestamp();
        while (true)
        {
            _process.ThrowIfExited();
            try
            {
                await using var connection = await OpenAsync("postgres", cancellation);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient || e is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow })
            {
                if (TimeProvider.System.GetElapsedTime(limit) > TimeSpan.FromSeconds(60))
                {
                    throw new TimeoutException($"PostgreSQL did not get ready. The end of {LogFile}:\n{_process.Tail(15)}", e);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>SIGTERM alone would wait until the last client has left.</summary>
    private async Task EndAsync(int signal)
    {
        if (_process is { } process)
        {
            _process = null;
            Signals.Send(process.Id, signal);
            await process.DisposeAsync();
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
