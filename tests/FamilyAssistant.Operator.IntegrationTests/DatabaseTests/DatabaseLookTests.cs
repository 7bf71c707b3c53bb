using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.StandInTests;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>What a look finds in a database that lets the role in.</summary>
[Collection(StandInCollection.Name)]
public sealed class DatabaseLookTests(StandIns standIns)
{
    private const string Revisions = "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)";

    [Fact]
    public async Task A_new_database_is_usable_and_has_no_revision()
    {
        var found = await Looks.AvailableAsync((await standIns.CreateDatabaseAsync()).Target());
        (found.Vector, found.CanWrite, found.Revisions).ShouldBe((VectorSupport.Installed, true, null));
        var number = int.Parse((await standIns.Postgres.ScalarAsync<string>("SHOW server_version_num", cancellation: TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        found.ServerVersionNumber.ShouldBe(number);
        found.ServerVersion.ShouldBe($"{number / 10000}.{number % 10000}");
    }

    [Fact]
    public async Task The_extension_is_missing_or_can_be_made()
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        (await Looks.AvailableAsync(database.Target())).Vector.ShouldBe(VectorSupport.NotPermitted);
        await database.ExecuteAsync($"ALTER ROLE {database.Name} SUPERUSER");
        (await Looks.AvailableAsync(database.Target())).Vector.ShouldBe(VectorSupport.Creatable);
        await database.ExecuteAsync($"CREATE EXTENSION vector; ALTER ROLE {database.Name} NOSUPERUSER");
        (await Looks.AvailableAsync(database.Target())).Vector.ShouldBe(VectorSupport.Installed);
    }

    [Fact]
    public async Task One_revision_and_several_in_their_order()
    {
        var database = await UsedAsync("6daf0237b0ba");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBe(["6daf0237b0ba"]);
        await database.ExecuteAsync("INSERT INTO alembic_version VALUES ('add_worker_tasks'), ('abc123')");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBe(["6daf0237b0ba", "abc123", "add_worker_tasks"]);
    }

    [Fact]
    public async Task A_role_that_may_write_only_a_part_cannot_migrate()
    {
        var database = await UsedAsync("6daf0237b0ba");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeTrue();
        await database.ExecuteAsync($"ALTER TABLE alembic_version OWNER TO postgres; GRANT SELECT, INSERT ON alembic_version TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeFalse();
        await database.ExecuteAsync($"GRANT UPDATE ON alembic_version TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeTrue();
        await database.ExecuteAsync($"REVOKE INSERT ON alembic_version FROM {database.Name}");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeFalse();
        await database.ExecuteAsync($"REVOKE ALL ON alembic_version FROM {database.Name}");
        var blind = await Looks.AvailableAsync(database.Target());
        (blind.CanWrite, blind.Revisions!.Count).ShouldBe((false, 0), "a table that cannot be read is not a new database either");
    }

    [Fact]
    public async Task A_role_that_can_make_no_table_in_a_new_database_is_read_only()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"ALTER DATABASE {database.Name} OWNER TO postgres; REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeFalse();
        await database.ExecuteAsync($"GRANT CREATE ON SCHEMA public TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeTrue();
    }

    [Fact]
    public async Task A_role_whose_transactions_only_read_is_read_only()
    {
        var database = await UsedAsync("6daf0237b0ba");
        await database.ExecuteAsync($"ALTER ROLE {database.Name} SET default_transaction_read_only = on");
        (await Looks.AvailableAsync(database.Target())).CanWrite.ShouldBeFalse();
    }

    [Fact]
    public async Task The_schema_is_looked_for_where_the_application_would_find_it()
    {
        var database = await UsedAsync("of_public");
        await database.ExecuteAsync($"CREATE SCHEMA app AUTHORIZATION {database.Name}");
        await database.ExecuteAsync($"CREATE TABLE app.alembic_version AS SELECT 'of_app'::varchar(32) AS version_num; ALTER TABLE app.alembic_version OWNER TO {database.Name}");
        await database.ExecuteAsync($"ALTER ROLE {database.Name} SET search_path = app, public");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBe(["of_app"]);
    }

    [Fact]
    public async Task Figures_count_the_sessions_of_others_and_no_session_is_left()
    {
        var database = await standIns.CreateDatabaseAsync();
        await using var other = new NpgsqlConnection(standIns.Postgres.ConnectionString(database.Name, database.Name, database.Password));
        await other.OpenAsync(TestContext.Current.CancellationToken);
        var figures = (await Looks.AtAsync(database.Target())).Figures.ShouldNotBeNull();
        figures.SizeBytes.ShouldBeGreaterThan(1_000_000);
        figures.Connections["idle"].ShouldBe(1);
        await Wait.ForAsync(
            async () => await database.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database.Name}' AND application_name = '{WireNames.FieldManager}'") == 0,
            "the operator's session to be gone");
    }

    [Fact]
    public async Task A_look_takes_the_address_that_answers()
    {
        var target = (await standIns.CreateDatabaseAsync()).Target() with { Host = "db.example.com" };
        (await Looks.AtAsync(target, Looks.Resolving("127.0.0.9", standIns.Postgres.Host))).Observation.ShouldBeOfType<DatabaseObservation.Available>();
        (await Looks.AtAsync(target, Looks.Resolving("169.254.169.254", standIns.Postgres.Host))).Observation.ShouldBeOfType<DatabaseObservation.Available>("the forbidden one is left out");
    }

    private async Task<TestDatabase> UsedAsync(string revision)
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"{Revisions}; INSERT INTO alembic_version VALUES ('{revision}'); ALTER TABLE alembic_version OWNER TO {database.Name}");
        return database;
    }
}
