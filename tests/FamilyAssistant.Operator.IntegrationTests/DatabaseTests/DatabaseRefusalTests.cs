using System.Net;
using System.Net.Sockets;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.StandInTests;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using Shouldly;
using Xunit;
using SslMode = FamilyAssistant.Operator.Api.Instances.SslMode;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>What a look says when the server does not let the role in, or there is none.</summary>
[Collection(StandInCollection.Name)]
public sealed class DatabaseRefusalTests(StandIns standIns)
{
    [Fact]
    public async Task A_wrong_password_an_unknown_role_and_a_missing_database()
    {
        var target = (await standIns.CreateDatabaseAsync()).Target();
        (await Looks.FailedAsync(target with { Password = "wrong" })).Reason.ShouldBe(DatabaseFailures.AuthenticationFailed);
        (await Looks.FailedAsync(target with { Username = "nobody_here" })).Reason.ShouldBe(DatabaseFailures.AuthenticationFailed);
        var missing = await Looks.FailedAsync(target with { Name = "no_such_database" });
        missing.Reason.ShouldBe(DatabaseFailures.NotFound);
        missing.Message.ShouldContain("no_such_database");
    }

    [Fact]
    public async Task A_role_that_may_not_connect()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"ALTER DATABASE {database.Name} OWNER TO postgres; REVOKE CONNECT ON DATABASE {database.Name} FROM PUBLIC");
        var failed = await Looks.FailedAsync(database.Target());
        failed.Reason.ShouldBe(DatabaseFailures.AuthenticationFailed);
        failed.Message.ShouldContain("CONNECT");
    }

    [Fact]
    public async Task A_server_without_a_free_connection_passes_by_itself()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"ALTER ROLE {database.Name} CONNECTION LIMIT 0");
        var failed = await Looks.FailedAsync(database.Target());
        failed.Reason.ShouldBe(DatabaseFailures.Unreachable);
        failed.Message.ShouldContain("max_connections");
    }

    [Fact]
    public async Task A_lock_on_the_schemas_version_does_not_hold_a_look_for_long()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"CREATE TABLE alembic_version (version_num varchar(32)); ALTER TABLE alembic_version OWNER TO {database.Name}");
        await using var locker = new NpgsqlConnection(standIns.Postgres.ConnectionString(database.Name));
        await locker.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await locker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var take = new NpgsqlCommand("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE", locker, transaction))
        {
            await take.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var failed = await Looks.FailedAsync(database.Target());
        failed.Reason.ShouldBe(DatabaseFailures.Unreachable);
        failed.Message.ShouldContain("too slowly");
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await Looks.AvailableAsync(database.Target());
    }

    [Fact]
    public async Task Encryption_that_the_server_asks_for()
    {
        var database = await standIns.CreateDatabaseAsync();
        var rules = (await database.ScalarAsync<string>("SHOW hba_file"))!;
        await File.WriteAllTextAsync(rules, $"hostnossl all {database.Name} all reject\n{await File.ReadAllTextAsync(rules, TestContext.Current.CancellationToken)}", TestContext.Current.CancellationToken);
        await database.ExecuteAsync("SELECT pg_reload_conf()");

        var plain = database.Target() with { SslMode = SslMode.Disable };
        await Wait.ForAsync(async () => (await Looks.AtAsync(plain)).Observation is DatabaseObservation.Failed, "the rule to count");
        (await Looks.FailedAsync(plain)).Reason.ShouldBe(DatabaseFailures.TlsRequired);
        await Looks.AvailableAsync(database.Target() with { SslMode = SslMode.Require });
        await Looks.AvailableAsync(database.Target());
    }

    [Fact]
    public async Task Encryption_that_the_server_does_not_have()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var server = PlainServer.Before(standIns.Postgres.Port);
        var target = database.Target() with { Port = server.Port };
        (await Looks.FailedAsync(target with { SslMode = SslMode.Require })).Reason.ShouldBe(DatabaseFailures.TlsUnavailable);
        await Looks.AvailableAsync(target with { SslMode = SslMode.Disable });
        await Looks.AvailableAsync(target with { SslMode = SslMode.Prefer });
    }

    /// <summary>One answer for all of them: otherwise the operator would be a port scanner.</summary>
    [Fact]
    public async Task Refused_garbled_and_broken_connections_are_not_told_apart()
    {
        var target = new DatabaseTarget("127.0.0.1", 0, "mlbot", "alice", "canary", SslMode.Disable);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        List<string> messages = [(await Looks.FailedAsync(target with { Port = port })).Message.Replace($"{port}", "", StringComparison.Ordinal)];
        foreach (var text in new[] { "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-canary\r\n", "" })
        {
            await using var server = PlainServer.Saying(text);
            var failed = await Looks.FailedAsync(target with { Port = server.Port });
            failed.Reason.ShouldBe(DatabaseFailures.Unreachable);
            messages.Add(failed.Message.Replace($"{server.Port}", "", StringComparison.Ordinal));
        }

        messages.Distinct().ShouldBe(["No PostgreSQL server answers at 127.0.0.1:."]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_never_says_a_word_does_not_hold_a_look_for_ever(bool encrypted)
    {
        await using var server = PlainServer.Silent();
        var target = new DatabaseTarget("127.0.0.1", server.Port, "mlbot", "alice", "canary", encrypted ? SslMode.Require : SslMode.Disable);
        (await Looks.FailedAsync(target)).Message.ShouldBe($"No PostgreSQL server answers at 127.0.0.1:{server.Port}.");
    }

    [Fact]
    public async Task A_name_that_nobody_knows() =>
        (await Looks.FailedAsync(new DatabaseTarget("db.invalid", 5432, "mlbot", "alice", "canary", SslMode.Prefer), Looks.Resolving())).Reason.ShouldBe(DatabaseFailures.Unreachable);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task A_name_that_leads_to_the_operators_own_machine_is_not_dialled(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var target = new DatabaseTarget("db.example.com", ((IPEndPoint)listener.LocalEndpoint).Port, "mlbot", "alice", "canary", SslMode.Prefer);
        (await Looks.FailedAsync(target, Looks.Resolving(address), allowLoopback: false)).Reason.ShouldBe(DatabaseFailures.HostNotAllowed);
        listener.Pending().ShouldBeFalse();
    }
}
