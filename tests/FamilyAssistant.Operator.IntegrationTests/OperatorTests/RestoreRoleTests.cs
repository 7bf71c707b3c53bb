using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Restores under the role of an external database: by a new database where it may make one, in one transaction where it may not. What is there afterwards is the same.</summary>
public sealed class RestoreRoleTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Theory]
    [InlineData("NOCREATEDB", "Transaction")]
    [InlineData("SUPERUSER", "Swap")]
    public async Task Every_row_is_that_of_the_set(string right, string mode)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await Bed.Cluster.Postgres.ExecuteAsync($"ALTER ROLE {database.Name} {right}", cancellation: Cancellation);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        var connection = database.Server.ConnectionString(database.Name);
        await ApplicationData.FillAsync(connection, 2, cancellation: Cancellation);
        var saved = await DatabaseChecksums.ReadAsync(connection, Cancellation);
        await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync();
        await database.ScalarAsync<object>("DELETE FROM notes");
        await database.ScalarAsync<object>("CREATE TABLE later (id int PRIMARY KEY)");
        await database.ScalarAsync<object>($"ALTER TABLE later OWNER TO {database.Name}");
        await ApplicationData.FillAsync(connection, 1, seed: 2, cancellation: Cancellation);

        var restore = await TestRestore.CreateAsync(instance, "back", "good");
        var status = await restore.WaitUntilCompletedAsync();

        status.Before!["database.mode"].ShouldBe(mode);
        status.Rows.ShouldBe(saved.Rows);
        await restore.WaitUntilTidyAsync();
        await instance.WaitUntilReadyAsync();
        saved.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).ShouldBeEmpty();
        (await Bed.Cluster.Postgres.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname LIKE '{database.Name}%'", cancellation: Cancellation)).ShouldBe(1);
    }
}
