using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;

namespace FamilyAssistant.Operator.Benchmarks.Backups;

/// <summary>
/// Time of the scripts of backup, verification and restore beside PostgreSQL's own programs, on one server and the same data, in turn: what a Job does beside being scheduled.
/// </summary>
internal sealed class BackupBenchmark(BackupSettings settings, Action<string> progress)
{
    private const string Image = "ghcr.io/werdnum/family-assistant:20260301_120000";
    private const string Database = "assistant";
    private const string Target = "target";

    /// <summary>Measures; the figures of each round.</summary>
    public async Task<BackupFigures> MeasureAsync(CancellationToken ct)
    {
        await new Provisioner(progress).PodToolsAsync(ct);
        await StandInTools.EnsureAsync(progress, ct);
        var folder = Directory.CreateTempSubdirectory("bench-backup-").FullName;
        try
        {
            await using var server = await PostgresServer.StartAsync(Path.Combine(folder, "server"), ct);
            var bytes = await FillAsync(server, ct);
            var tools = new ToolRun(server, folder, Database, Target);
            await tools.PrepareAsync(ct);
            var rounds = new List<BackupRound>();
            for (var round = 1; round <= settings.Runs; round++)
            {
                var times = await RoundAsync(tools, server, ownFirst: round % 2 == 0, ct);
                progress($"round {round} of {settings.Runs}: {times}");
                rounds.Add(times);
            }

            return new BackupFigures(bytes, await server.ScalarAsync<string>("SHOW server_version", cancellation: ct) ?? "", tools.DumpBytes, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<long> FillAsync(PostgresServer server, CancellationToken ct)
    {
        progress($"filling a database with {settings.Mebibytes} MiB");
        foreach (var database in (string[])[Database, Target])
        {
            await server.CreateDatabaseAsync(database, server.SuperUser, server.SuperPassword, withVector: true, ct);
        }

        var images = StandInImages.Create(new StandInImageOptions { WorkDirectory = CacheFolders.Images });
        await ApplicationSchema.CreateAsync(images, Image, server.ConnectionString(Database), ct);
        await ApplicationData.FillAsync(server.ConnectionString(Database), settings.Mebibytes, cancellation: ct);
        await server.ExecuteAsync("VACUUM ANALYZE", Database, ct);
        await server.ExecuteAsync("CHECKPOINT", Database, ct);
        return await server.ScalarAsync<long>("SELECT pg_database_size(current_database())", Database, ct);
    }

    /// <summary>Each of ours next to the plain one, in turn first or second, so that neither has the warmer cache.</summary>
    private static async Task<BackupRound> RoundAsync(ToolRun tools, PostgresServer server, bool ownFirst, CancellationToken ct)
    {
        async Task<(double Own, double Plain)> Both(Func<Task<double>> own, Func<Task<double>> plain)
        {
            if (ownFirst)
            {
                var first = await own();
                return (first, await plain());
            }

            var before = await plain();
            return (await own(), before);
        }

        double making = 0;
        var dump = await Both(async () => (making = await tools.BackUpAsync(ct)), () => tools.DumpAsync(ct));
        var read = await Both(() => Task.FromResult(tools.ProofSeconds), () => tools.ReadAsync(ct));
        var restore = await Both(() => tools.RestoreAsync(ct), () => tools.PlainRestoreAsync(ct));
        await server.ExecuteAsync("CHECKPOINT", cancellation: ct);
        var verify = await tools.VerifyAsync(ct);
        await tools.ForgetAsync(ct);
        return new BackupRound(making, read.Own, verify, tools.TestRestoreSeconds, restore.Own, dump.Plain, read.Plain, restore.Plain);
    }
}
