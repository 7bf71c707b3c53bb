using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Restores that fail or are ended after something was replaced: everything is as it was just before, and the instance runs on it.</summary>
public sealed class RestorePutBackTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_set_that_the_image_cannot_migrate_is_taken_out_again(bool mayCreateDatabases)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, database) = await CreateAsync(ns, mayCreateDatabases, "ghcr.io/werdnum/family-assistant:failing-migration");

        // The set is of the revision before the one that cannot be reached; the instance itself is there.
        await database.ScalarAsync<object>("UPDATE alembic_version SET version_num = 'add_a2a_tasks'");
        await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync();
        await database.ScalarAsync<object>("UPDATE alembic_version SET version_num = 'add_broken_index'");
        var before = await ChangeAsync(ns, database);

        var restore = await TestRestore.CreateAsync(instance, "doomed", "good");
        var status = await restore.WaitUntilEndedAsync();

        (status.Phase, status.Reason).ShouldBe(("Failed", "MigrationFailed"), status.Message);
        status.Before!["database.mode"].ShouldBe(mayCreateDatabases ? "Swap" : "Transaction");
        status.Before["failed.stage"].ShouldBe("Migrating");
        await restore.WaitUntilTidyAsync();
        await AsBeforeAsync(ns, instance, database, before);
    }

    [Theory]
    [InlineData("RestoringFiles", "-files-1", true)]
    [InlineData("Migrating", "-migrate-1", false)]
    public async Task Deleted_in_its_middle_it_is_put_back_before_the_object_goes(string stage, string job, bool mayCreateDatabases)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, database) = await CreateAsync(ns, mayCreateDatabases, InstanceBuilder.Image);
        await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync();
        var before = await ChangeAsync(ns, database);
        using var held = Bed.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == ns.Name && pod.Metadata.Labels?.TryGetValue("job-name", out var name) == true && name.EndsWith(job, StringComparison.Ordinal));
        var restore = await TestRestore.CreateAsync(instance, "unwanted", "good");
        await restore.WaitForAsync(status => status.Stage == stage, $"the stage {stage}");
        await instance.WaitForAsync(async () => (await restore.PodsAsync()).Any(pod => pod.Metadata.Labels["job-name"].EndsWith(job, StringComparison.Ordinal)), $"the pod of {job}");
        (await DatabaseChecksums.ReadAsync(Connection(database), Cancellation)).Differences(before.Rows).ShouldNotBeEmpty("by now the database is that of the set");

        await restore.DeleteAsync();
        await restore.WaitForAsync(status => status.Stage == "PuttingBack", "the way back");
        held.Dispose();

        await restore.WaitUntilGoneAsync();
        await AsBeforeAsync(ns, instance, database, before);
    }

    private async Task<(TestInstance Instance, ExternalDatabase Database)> CreateAsync(TestNamespace ns, bool mayCreateDatabases, string image)
    {
        var database = await ExternalDatabase.CreateAsync(Bed);
        if (mayCreateDatabases)
        {
            // The extension of this machine's PostgreSQL is only a superuser's to create.
            await Bed.Cluster.Postgres.ExecuteAsync($"ALTER ROLE {database.Name} SUPERUSER", cancellation: Cancellation);
        }

        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).With("image", image).With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(Connection(database), 1, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(Files(ns), 1, cancellation: Cancellation);
        return (instance, database);
    }

    /// <summary>Other rows and other files than in the set; what is there then.</summary>
    private async Task<(DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files)> ChangeAsync(TestNamespace ns, ExternalDatabase database)
    {
        await database.ScalarAsync<object>("DELETE FROM notes");
        await ApplicationData.FillAsync(Connection(database), 1, seed: 2, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(Files(ns), 1, seed: 2, cancellation: Cancellation);
        return (await DatabaseChecksums.ReadAsync(Connection(database), Cancellation), await ApplicationFiles.ReadAsync(Files(ns), Cancellation));
    }

    private async Task AsBeforeAsync(TestNamespace ns, TestInstance instance, ExternalDatabase database, (DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files) before)
    {
        await instance.WaitUntilReadyAsync();
        (await instance.PodsAsync()).ShouldHaveSingleItem().Status.ContainerStatuses.ShouldAllBe(container => container.Ready);
        (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation).ShouldBeFalse();
        before.Rows.Differences(await DatabaseChecksums.ReadAsync(Connection(database), Cancellation)).ShouldBeEmpty();

        // The application writes these again at each start.
        ApplicationFiles.Differences(before.Files, await ApplicationFiles.ReadAsync(Files(ns), Cancellation)).Where(line => !line.Contains("/.last-start:", StringComparison.Ordinal)).ShouldBeEmpty();
        Directory.GetFileSystemEntries(Files(ns), ".*").Select(Path.GetFileName).ShouldNotContain(name => name!.StartsWith(".before-") || name.StartsWith(".restore-"));
        (await Bed.Cluster.Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{database.Name}%'", cancellation: Cancellation)).ShouldBe(1);
    }

    private static string Connection(ExternalDatabase database) => database.Server.ConnectionString(database.Name);

    private string Files(TestNamespace ns) => Bed.Cluster.Node.VolumeFolder(ns.Name, ObjectNames.DataClaim("home")).ShouldNotBeNull();
}
