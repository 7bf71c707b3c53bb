using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

[Collection(StandInCollection.Name)]
public sealed class PostgresServerTests(StandIns standIns)
{
    [Fact]
    public async Task An_owner_uses_vectors_where_the_extension_is_prepared()
    {
        var database = await standIns.CreateDatabaseAsync();
        (await ScalarAsync(OwnerOf(database), "CREATE EXTENSION IF NOT EXISTS vector; SELECT ('[1,2]'::vector <-> '[1,3]'::vector)::text")).ShouldBe("1");
    }

    [Fact]
    public async Task An_owner_cannot_create_the_extension_where_it_is_not_prepared()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        var refused = await Should.ThrowAsync<PostgresException>(() => ScalarAsync(OwnerOf(database), "CREATE EXTENSION vector"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var database = await standIns.CreateDatabaseAsync();
        var refused = await Should.ThrowAsync<PostgresException>(() => ScalarAsync(standIns.Postgres.ConnectionString(database.Name, database.Name, "wrong"), "SELECT 1"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Its_certificate_is_good_for_full_verification()
    {
        var strict = new NpgsqlConnectionStringBuilder(standIns.Postgres.ConnectionString())
        {
            SslMode = SslMode.VerifyFull, RootCertificate = standIns.Postgres.CertificateFile,
        };
        (await ScalarAsync(strict.ConnectionString, "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).ShouldBe("true");
    }

    [Fact]
    public async Task A_dropped_database_is_gone_although_somebody_is_connected()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var busy = new NpgsqlConnection(OwnerOf(database));
        await busy.OpenAsync(TestContext.Current.CancellationToken);
        await standIns.Postgres.DropDatabaseAsync(database.Name, TestContext.Current.CancellationToken);
        (await standIns.Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{database.Name}'", cancellation: TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    private string OwnerOf(TestDatabase database) => standIns.Postgres.ConnectionString(database.Name, database.Name, database.Password);

    private static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}
