using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.IntegrationTests.StandInTests;
using FamilyAssistant.Operator.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>The number of push subscriptions, from a real PostgreSQL; what cannot be counted is unknown, never an error and never zero.</summary>
[Collection(StandInCollection.Name)]
public sealed class PushSubscriptionsTests(StandIns standIns)
{
    private const string Table = "CREATE TABLE push_subscriptions (id int); INSERT INTO push_subscriptions SELECT generate_series(1, 3); ALTER TABLE push_subscriptions OWNER TO ";

    [Fact]
    public async Task The_rows_are_counted_and_a_database_without_the_table_has_none()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        (await CountAsync(database.Target())).ShouldBe(0);
        await database.ExecuteAsync(Table + database.Name);
        (await CountAsync(database.Target())).ShouldBe(3);
    }

    [Fact]
    public async Task What_does_not_answer_or_refuses_is_unknown()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        (await CountAsync(database.Target() with { Password = "wrong" })).ShouldBeNull();
        (await CountAsync(database.Target() with { Port = 1 })).ShouldBeNull();
        (await CountAsync(database.Target(), allowLoopback: false)).ShouldBeNull("a host that instances may not name is not dialled for this either");
    }

    [Fact]
    public async Task A_table_that_is_locked_keeps_nobody_waiting()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        await database.ExecuteAsync(Table + database.Name);
        await using var connection = new NpgsqlConnection($"Host={database.Server.Host};Port={database.Server.Port};Database={database.Name};Username={database.Name};Password={database.Password};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("LOCK TABLE push_subscriptions IN ACCESS EXCLUSIVE MODE", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await CountAsync(database.Target())).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_of_the_databases_own_runs()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        await database.ExecuteAsync(
            """
            CREATE SCHEMA evil;
            CREATE FUNCTION evil.trap() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
            CREATE FUNCTION evil.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT evil.trap()::text::regclass';
            CREATE FUNCTION evil.has_table_privilege(oid, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
            CREATE VIEW evil.pg_class AS SELECT c.* FROM pg_catalog.pg_class c WHERE evil.trap();
            GRANT ALL ON SCHEMA evil TO PUBLIC;
            """);
        await database.ExecuteAsync("SET search_path = evil, public; " + Table.Replace(" push_subscriptions", " evil.push_subscriptions", StringComparison.Ordinal) + database.Name);
        await database.ExecuteAsync($"ALTER ROLE {database.Name} SET search_path = evil, public, pg_catalog");
        (await CountAsync(database.Target())).ShouldBe(3);

        await database.ExecuteAsync("ALTER TABLE evil.push_subscriptions RENAME TO rows; CREATE VIEW evil.push_subscriptions AS SELECT r.* FROM evil.rows r WHERE evil.trap(); GRANT ALL ON evil.push_subscriptions TO PUBLIC");
        (await CountAsync(database.Target())).ShouldBeNull("a view is somebody's code");
    }

    private static async Task<long?> CountAsync(DatabaseTarget target, bool allowLoopback = true)
    {
        var subscriptions = new PushSubscriptions(HostLookup.System, new AddressPolicy(new MonitorOptions { AllowLoopback = allowLoopback }), TimeProvider.System, NullLogger<PushSubscriptions>.Instance);
        return await subscriptions.CountAsync("home", DatabaseUrl.Of(target), TestContext.Current.CancellationToken);
    }
}
