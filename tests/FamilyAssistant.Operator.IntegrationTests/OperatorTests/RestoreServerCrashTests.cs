using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The server of an external database crashes in the middle of a restore.</summary>
public sealed class RestoreServerCrashTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_restore_whose_server_crashes_is_put_back_when_it_runs_again_and_says_which_step_failed()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var server = await PostgresServer.StartAsync(Path.Combine(Bed.Cluster.DataDirectory, $"postgres-{ns}"), Cancellation);
        await server.CreateDatabaseAsync("home", "home", "secret", cancellation: Cancellation);
        var scene = await RestoreScene.PrepareAsync(Bed, ns, database: new ExternalDatabase(server, "home", "secret"));
        TestRestore restore;
        await using (var guest = new NpgsqlConnection(server.ConnectionString("home")))
        {
            // Somebody else's session, which is not the restore's to end: the set is in a new database by then, and waits for its name.
            await guest.OpenAsync(Cancellation);
            restore = await TestRestore.CreateAsync(scene.Instance, "doomed", RestoreScene.Good);
            await scene.WaitForSessionAsync("datname LIKE 'home_restore_%' AND (query LIKE 'ALTER DATABASE home RENAME%' OR query LIKE 'SELECT pg_terminate_backend%')", "the renaming");

            await server.CrashAsync();

            await restore.WaitForAsync(status => status.Stage == "PuttingBack", "the way back");
        }

        await server.StartAgainAsync(Cancellation);
        var status = await restore.WaitUntilEndedAsync();

        (status.Phase, status.Reason).ShouldBe(("Failed", "DatabaseUnreachable"), status.Message);
        status.Before!["failed.stage"].ShouldBe("RestoringDatabase");
        await restore.WaitUntilTidyAsync();
        await scene.ShouldBeAsBeforeAsync(hasCrashed: true);
    }
}
