using FamilyAssistant.Operator.IntegrationTests.StandInTests;
using FamilyAssistant.Operator.Ports;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>A database whose owner wants the operator to run something, or to believe something.</summary>
[Collection(StandInCollection.Name)]
public sealed class HostileDatabaseTests(StandIns standIns)
{
    /// <summary>Whatever runs of these ends the look with an error.</summary>
    private const string Traps =
        """
        CREATE SCHEMA evil;
        CREATE FUNCTION evil.trap() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
        CREATE FUNCTION evil.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.has_schema_privilege(text, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.has_table_privilege(oid, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.has_database_privilege(name, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT evil.trap()::text';
        CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE sql AS 'SELECT evil.trap()::text::name';
        CREATE FUNCTION evil.current_schema() RETURNS name LANGUAGE sql AS 'SELECT evil.trap()::text::name';
        CREATE FUNCTION evil.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT evil.trap()::text::regclass';
        CREATE FUNCTION evil.pg_database_size(name) RETURNS bigint LANGUAGE sql AS 'SELECT evil.trap()::int::bigint';
        CREATE FUNCTION evil.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT evil.trap()::int';
        CREATE FUNCTION evil."left"(text, int) RETURNS text LANGUAGE sql AS 'SELECT evil.trap()::text';
        CREATE FUNCTION evil.same(name, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.same(name, name) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.same(oid, oid) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.same(text, text) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE FUNCTION evil.same(int, int) RETURNS bool LANGUAGE sql AS 'SELECT evil.trap()';
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = text, FUNCTION = evil.same);
        CREATE OPERATOR evil.= (LEFTARG = name, RIGHTARG = name, FUNCTION = evil.same);
        CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.same);
        CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.same);
        CREATE OPERATOR evil.<> (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.same);
        CREATE VIEW evil.pg_extension AS SELECT 'vector'::name AS extname WHERE evil.trap();
        CREATE VIEW evil.pg_roles AS SELECT current_user AS rolname, true AS rolsuper WHERE evil.trap();
        CREATE VIEW evil.pg_class AS SELECT c.* FROM pg_catalog.pg_class c WHERE evil.trap();
        CREATE VIEW evil.pg_namespace AS SELECT n.* FROM pg_catalog.pg_namespace n WHERE evil.trap();
        CREATE VIEW evil.pg_stat_activity AS SELECT a.* FROM pg_catalog.pg_stat_activity a WHERE evil.trap();
        CREATE DOMAIN evil.int8 AS pg_catalog.int8 CHECK (evil.trap());
        GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC;
        GRANT ALL ON SCHEMA evil TO PUBLIC;
        """;

    /// <summary>In the schema of the traps, so that the look finds it there.</summary>
    private const string Revision = "CREATE TABLE evil.alembic_version (version_num varchar(32)); INSERT INTO evil.alembic_version VALUES ('6daf0237b0ba'); ALTER TABLE evil.alembic_version OWNER TO ";

    [Theory]
    [InlineData("ROLE")]
    [InlineData("DATABASE")]
    public async Task Nothing_of_the_databases_own_runs_and_the_truth_is_found(string owner)
    {
        var database = await standIns.CreateDatabaseAsync(withVector: false);
        await database.ExecuteAsync(Traps);
        await database.ExecuteAsync(Revision + database.Name);
        await database.ExecuteAsync($"ALTER {owner} {database.Name} SET search_path = evil, public, pg_catalog");
        (await Should.ThrowAsync<PostgresException>(() => NaiveAsync(database, "SELECT pg_is_in_recovery()"))).MessageText.ShouldBe("trapped", "otherwise the traps are none");
        (await Should.ThrowAsync<PostgresException>(() => NaiveAsync(database, "SELECT count(*) FROM pg_extension"))).MessageText.ShouldBe("trapped");

        var found = await Looks.AvailableAsync(database.Target());
        (found.Vector, found.CanWrite).ShouldBe((VectorSupport.NotPermitted, true));
        found.Revisions.ShouldBe(["6daf0237b0ba"]);
    }

    /// <summary>A view or a generated column would run its owner's functions under the operator's session.</summary>
    [Theory]
    [InlineData("CREATE FUNCTION trap() RETURNS varchar LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$; CREATE VIEW alembic_version AS SELECT trap() AS version_num")]
    [InlineData("CREATE MATERIALIZED VIEW alembic_version AS SELECT 'x'::varchar AS version_num")]
    [InlineData("CREATE TABLE alembic_version (a int, version_num varchar GENERATED ALWAYS AS (CASE a WHEN 1 THEN 'x' END) STORED)")]
    [InlineData("CREATE TABLE alembic_version (version_num bytea)")]
    [InlineData("CREATE TABLE alembic_version (other varchar)")]
    [InlineData("CREATE TABLE alembic_version (version_num varchar); ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY")]
    public async Task Only_a_plain_table_of_text_is_read(string sql)
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync(sql);
        await database.ExecuteAsync($"GRANT ALL ON alembic_version TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBeNull();
    }

    [Fact]
    public async Task A_revision_is_a_word_and_there_are_not_many()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"CREATE TABLE alembic_version (version_num text); ALTER TABLE alembic_version OWNER TO {database.Name}");
        await database.ExecuteAsync("INSERT INTO alembic_version VALUES (E'a\\n\"<b>{1}'), (NULL), (repeat('x', 100000))");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBe(["a???b??1?", new string('x', 64)]);
        await database.ExecuteAsync("INSERT INTO alembic_version SELECT 'r' || n FROM generate_series(1, 1000) n");
        (await Looks.AvailableAsync(database.Target())).Revisions!.Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Rows_of_other_tables_do_not_pass_for_revisions()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES ('mine'); CREATE TABLE child () INHERITS (alembic_version); INSERT INTO child VALUES ('theirs')");
        await database.ExecuteAsync($"ALTER TABLE alembic_version OWNER TO {database.Name}");
        (await Looks.AvailableAsync(database.Target())).Revisions.ShouldBe(["mine"]);
    }

    [Fact]
    public async Task A_schema_with_a_quote_in_its_name_is_a_name()
    {
        var database = await standIns.CreateDatabaseAsync();
        await database.ExecuteAsync($"""
            CREATE SCHEMA "x"".y; DROP TABLE z" AUTHORIZATION {database.Name};
            CREATE TABLE "x"".y; DROP TABLE z".alembic_version (version_num varchar(32));
            INSERT INTO "x"".y; DROP TABLE z".alembic_version VALUES ('quoted');
            ALTER TABLE "x"".y; DROP TABLE z".alembic_version OWNER TO {database.Name};
            ALTER ROLE {database.Name} SET search_path = "x"".y; DROP TABLE z"
            """);
        var found = await Looks.AvailableAsync(database.Target());
        found.Revisions.ShouldBe(["quoted"]);
        found.CanWrite.ShouldBeTrue();
    }

    private async Task NaiveAsync(TestDatabase database, string sql)
    {
        // The driver's own queries would fall into the traps first.
        var builder = new NpgsqlSlimDataSourceBuilder(standIns.Postgres.ConnectionString(database.Name, database.Name, database.Password));
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        await using var source = builder.Build();
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
