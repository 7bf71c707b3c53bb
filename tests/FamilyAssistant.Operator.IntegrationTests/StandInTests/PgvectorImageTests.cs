using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.StandInTests;

[Collection(StandInCollection.Name)]
public sealed class PgvectorImageTests(StandIns standIns)
{
    private const string Password = "s'e cret:%\\\"";
    private const string DataFolder = "/var/lib/postgresql/data/pgdata";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["POSTGRES_USER"] = "mlbot", ["POSTGRES_PASSWORD"] = Password, ["POSTGRES_DB"] = "assistant", ["PGDATA"] = DataFolder,
    };

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    [InlineData(0)]
    public async Task It_makes_a_database_on_an_empty_volume_and_keeps_it(int user)
    {
        var folder = standIns.NewFolder();
        await using (var server = Start(folder, "pg17", Settings, user))
        {
            (await ScalarAsync(server, "CREATE EXTENSION vector; CREATE TABLE t AS SELECT '[1]'::vector AS v; SELECT v::text FROM t")).ShouldBe("[1]");
            server.Terminate();
            (await server.WaitForExitAsync()).ShouldBe(0);
            server.Output.ShouldContain("database system is shut down");
        }

        // The password of an existing volume is the one it was made with.
        await using var again = Start(folder, "pg17", new() { ["POSTGRES_PASSWORD"] = "another", ["PGDATA"] = DataFolder }, user);
        (await ScalarAsync(again, "SELECT v::text FROM t")).ShouldBe("[1]");
    }

    [Fact]
    public async Task It_reads_the_password_from_a_file()
    {
        var folder = standIns.NewFolder();
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", ".password"), Password, TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string>(Settings) { ["PGDATA"] = "/mnt/data/pgdata", ["POSTGRES_PASSWORD_FILE"] = "/mnt/data/.password" };
        settings.Remove("POSTGRES_PASSWORD");
        await using var server = Start(folder, "pg16", settings, 999);
        (await ScalarAsync(server, "SELECT current_user::text")).ShouldBe("mlbot");
    }

    [Fact]
    public async Task It_listens_on_its_own_address_alone_and_wants_the_password()
    {
        await using var server = Start(standIns.NewFolder(), "pg17", Settings, 999);
        await ScalarAsync(server, "SELECT ''");
        var refused = await Should.ThrowAsync<PostgresException>(() => QueryAsync(server.Address, "wrong", "SELECT ''"));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        await Should.ThrowAsync<NpgsqlException>(() => QueryAsync("127.9.9.9", Password, "SELECT ''"));
        server.Output.ShouldContain($"listening on IPv4 address \"{server.Address}\", port 5432");
    }

    [Fact]
    public async Task The_root_of_a_volume_that_belongs_to_root_is_no_data_folder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "without root every folder is the user's own");
        var settings = new Dictionary<string, string>(Settings);
        settings.Remove("PGDATA");
        await using var server = Start(standIns.NewFolder(), "pg17", settings, 999);
        (await server.WaitForExitAsync()).ShouldBe(1);
        server.Output.ShouldContain("could not change permissions of directory \"/var/lib/postgresql/data\"");
    }

    [Fact]
    public async Task It_refuses_an_empty_password()
    {
        await using var server = Start(standIns.NewFolder(), "pg17", [], 999);
        (await server.WaitForExitAsync()).ShouldBe(1);
        server.Output.ShouldContain("superuser password is not specified");
    }

    [Fact]
    public async Task It_refuses_the_files_of_another_major_version()
    {
        var folder = standIns.NewFolder();
        await using (var server = Start(folder, "pg16", Settings, 999))
        {
            await ScalarAsync(server, "SELECT ''");
            server.Terminate();
            await server.WaitForExitAsync();
        }

        await using var newer = Start(folder, "pg17", Settings, 999);
        (await newer.WaitForExitAsync()).ShouldBe(1);
        newer.Output.ShouldContain("database files are incompatible with server");
    }

    [Fact]
    public async Task A_killed_server_takes_its_sessions_along_and_recovers()
    {
        var folder = standIns.NewFolder();
        await using (var server = Start(folder, "pg17", Settings, 999))
        {
            await ScalarAsync(server, "CREATE TABLE t AS SELECT 'kept' AS v; SELECT ''");
            server.Kill();
            await server.WaitForExitAsync();
            await Wait.ForAsync(async () => !await AcceptsAsync(server.Address), "the end of the server");
        }

        await using var again = Start(folder, "pg17", Settings, 999);
        (await ScalarAsync(again, "SELECT v FROM t")).ShouldBe("kept");
    }

    [Fact]
    public async Task Other_programs_of_the_image_run_as_they_are()
    {
        var image = standIns.Images.Find("pgvector/pgvector:pg17")!;
        await using var sandbox = Sandbox.Start(image, standIns.NewFolder(), new Dictionary<string, string>(), [image.Entrypoint[0], "pg_dump", "--version"], 999);
        (await sandbox.WaitForExitAsync()).ShouldBe(0);
        sandbox.Output.ShouldContain($"pg_dump (PostgreSQL) {StandInTools.PostgresMajor}.");
    }

    private Sandbox Start(string folder, string tag, Dictionary<string, string> settings, int user) =>
        Sandbox.Start(standIns.Images.Find($"pgvector/pgvector:{tag}")!, folder, settings, user: user);

    /// <summary>Waits for the server, then asks it.</summary>
    private static async Task<string?> ScalarAsync(Sandbox server, string sql)
    {
        await server.WaitForOutputAsync($"listening on IPv4 address \"{server.Address}\"");
        await Wait.ForAsync(() => AcceptsAsync(server.Address), $"{server.Name}");
        return await QueryAsync(server.Address, Password, sql);
    }

    private static async Task<bool> AcceptsAsync(string address)
    {
        try
        {
            await QueryAsync(address, Password, "SELECT ''");
            return true;
        }
        catch (NpgsqlException e) when (e is not PostgresException || e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    private static async Task<string?> QueryAsync(string address, string password, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = address, Username = "mlbot", Password = password, Database = "assistant", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}
