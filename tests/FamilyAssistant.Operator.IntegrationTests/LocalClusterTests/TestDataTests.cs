using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>The data that tests, drill and benchmark work with, and the comparison by which they find that nothing is lost.</summary>
public sealed class TestDataTests(ClusterFixture fixture) : IAsyncDisposable
{
    private const string Newest = "ghcr.io/werdnum/family-assistant:20260301_120000";
    private readonly List<string> _databases = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ghcr.io/werdnum/family-assistant:20251105_090000")]
    [InlineData(Newest)]
    public async Task A_seed_gives_the_same_rows_everywhere_and_another_one_others(string image)
    {
        var (first, second) = (await NewAsync(image), await NewAsync(image));

        await ApplicationData.FillAsync(first, 4, cancellation: Cancellation);
        await ApplicationData.FillAsync(second, 4, cancellation: Cancellation);

        var sums = await DatabaseChecksums.ReadAsync(first, Cancellation);
        (await DatabaseChecksums.ReadAsync(second, Cancellation)).Differences(sums).ShouldBeEmpty();
        sums.Lines.Where(line => line.Key is "public.notes" or "public.message_history" or "public.document_embeddings" or "public.documents" or "public.attachment_metadata" or "public.tasks")
            .ShouldAllBe(line => line.Value.Rows > 0);
        await ApplicationData.FillAsync(second, 0, seed: 2, cancellation: Cancellation);
        (await DatabaseChecksums.ReadAsync(second, Cancellation)).Rows.ShouldBeGreaterThan(sums.Rows);
    }

    [Fact]
    public async Task The_size_is_about_what_was_asked_for()
    {
        var database = await NewAsync(Newest);
        var empty = await SizeAsync(database);

        await ApplicationData.FillAsync(database, 32, cancellation: Cancellation);

        ((await SizeAsync(database) - empty) >> 20).ShouldBeInRange(24, 42);
    }

    [Theory]
    [InlineData("UPDATE notes SET content = content || '.' WHERE id = (SELECT min(id) FROM notes)", "public.notes: ")]
    [InlineData("DELETE FROM document_embeddings WHERE id = (SELECT min(id) FROM document_embeddings)", "public.document_embeddings: ")]
    [InlineData("UPDATE document_embeddings SET embedding = embedding + embedding WHERE id = (SELECT min(id) FROM document_embeddings)", "public.document_embeddings: ")]
    [InlineData("SELECT setval('notes_id_seq', 4711)", "sequence public.notes_id_seq: ")]
    [InlineData("SELECT lo_from_bytea(0, 'large')", "large objects: ")]
    [InlineData("CREATE TABLE \"Ünusual table\" (t text)", "public.Ünusual table: absent here, 0 rows")]
    public async Task A_difference_names_the_table(string change, string difference)
    {
        var database = await NewAsync(Newest);
        await ApplicationData.FillAsync(database, 0, cancellation: Cancellation);
        var before = await DatabaseChecksums.ReadAsync(database, Cancellation);

        await ExecuteAsync(database, change);

        before.Differences(await DatabaseChecksums.ReadAsync(database, Cancellation)).ShouldHaveSingleItem().ShouldStartWith(difference);
    }

    [Fact]
    public async Task A_dump_restores_to_equal_sums()
    {
        var (from, to) = (await NewAsync(Newest), await NewAsync(null));
        await ApplicationData.FillAsync(from, 2, cancellation: Cancellation);
        await ExecuteAsync(from, "CREATE TABLE \"T\" (the_row float8, t timestamptz, b bytea); INSERT INTO \"T\" SELECT 1.0 / n, '2026-01-01'::timestamptz + n * interval '1 microsecond', decode('00ff', 'hex') FROM generate_series(1, 100) n; SELECT lo_from_bytea(0, 'x')");
        var dump = Path.Combine(fixture.Cluster.DataDirectory, $"{Guid.NewGuid():N}.dump");

        await RunAsync("pg_dump", from, "--format=custom", $"--file={dump}");
        await RunAsync("pg_restore", to, "--no-owner", "--no-comments", $"--dbname={new NpgsqlConnectionStringBuilder(to).Database}", dump);

        var sums = await DatabaseChecksums.ReadAsync(from, Cancellation);
        sums.Differences(await DatabaseChecksums.ReadAsync(to, Cancellation)).ShouldBeEmpty();
        File.Delete(dump);
    }

    [Fact]
    public async Task Files_are_compared_by_content_and_a_difference_names_the_path()
    {
        var folder = Directory.CreateTempSubdirectory("test-data-");
        try
        {
            await ApplicationFiles.WriteAsync(folder.FullName, 2, cancellation: Cancellation);
            var before = await ApplicationFiles.ReadAsync(folder.FullName, Cancellation);
            before.Count.ShouldBeGreaterThan(15);
            before["files/link"].ShouldBe("link to plain.txt");

            await ApplicationFiles.WriteAsync(folder.FullName, 2, cancellation: Cancellation);
            ApplicationFiles.Differences(before, await ApplicationFiles.ReadAsync(folder.FullName, Cancellation)).ShouldBeEmpty();

            await File.AppendAllTextAsync(Path.Combine(folder.FullName, "files/new\nline"), "x", Cancellation);
            File.Delete(Path.Combine(folder.FullName, "files/-rf"));
            var differences = ApplicationFiles.Differences(before, await ApplicationFiles.ReadAsync(folder.FullName, Cancellation));
            differences.Count.ShouldBe(2);
            differences[0].ShouldStartWith("files/-rf: ");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in _databases)
        {
            await fixture.Cluster.Postgres.DropDatabaseAsync(name);
        }
    }

    /// <summary>A database with the tables of an image, or with none.</summary>
    private async Task<string> NewAsync(string? image)
    {
        fixture.Require(server => server.IsOwned, "an existing cluster comes without a PostgreSQL outside it");
        var name = $"data_{Guid.NewGuid().ToString("N")[..12]}";
        await fixture.Cluster.Postgres.CreateDatabaseAsync(name, name, "p@ss", cancellation: Cancellation);
        _databases.Add(name);
        var connection = fixture.Cluster.Postgres.ConnectionString(name, name, "p@ss");
        if (image is not null)
        {
            await ApplicationSchema.CreateAsync(fixture.Cluster.Images, image, connection, Cancellation);
        }

        return connection;
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> SizeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT pg_database_size(current_database())", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task RunAsync(string program, string connectionString, params string[] arguments)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = settings.Host!, ["PGPORT"] = $"{settings.Port}", ["PGUSER"] = settings.Username!, ["PGPASSWORD"] = settings.Password!, ["PGDATABASE"] = settings.Database!,
        };
        (await CommandRunner.CaptureAsync(Path.Combine(StandInTools.PostgresBinaries, program), arguments, environment, Cancellation)).OutputOrThrow(program);
    }
}
