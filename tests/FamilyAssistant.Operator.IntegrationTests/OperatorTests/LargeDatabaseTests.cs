using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Cli;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A database that is too large for anything to hold it in memory, in a pipe or in one message.</summary>
public sealed class LargeDatabaseTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Gibibyte = 1L << 30;

    /// <summary>
    /// Messages of one letter, four to a page: a row just below the size from which on the server compresses and moves values is on disk as large as its text, and every copy of the database
    /// is really made of so many pages. Deflate is quick about such runs also at the level of a backup; on random text the test would take minutes that say something about zlib only.
    /// </summary>
    private const string Messages =
        "INSERT INTO message_history (conversation_id, role, content) SELECT (100000 + i % 7)::text, 'user', i || repeat(chr(97 + i % 26), 1880) FROM generate_series(1, 540000) i";

    [Fact]
    public async Task A_database_of_more_than_a_gibibyte_is_backed_up_proven_and_put_back_row_by_row()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed().With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        var connection = await DrillPicture.ConnectionAsync(Bed.Client, ns.Name, "home", Cancellation);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { CommandTimeout = 0 });
        await RunAsync(database, Messages);
        (await SizeAsync(database)).ShouldBeGreaterThanOrEqualTo(Gibibyte);
        var saved = await DatabaseChecksums.ReadAsync(connection, Cancellation);

        var set = await (await TestBackup.CreateAsync(instance, "large", new JsonObject { ["verify"] = "Restore" })).WaitUntilCompletedAsync();
        set.Rows.ShouldBe(saved.Rows);
        set.Verified.ShouldNotBeNull().Rows.ShouldBe(saved.Rows);

        (await RunAsync(database, "UPDATE message_history SET content = 'changed' WHERE internal_id % 100 = 0")).ShouldBePositive();
        (await RunAsync(database, "DELETE FROM message_history WHERE internal_id % 101 = 0")).ShouldBePositive();

        var restore = await TestRestore.CreateAsync(instance, "back", "large");
        var status = await restore.WaitUntilCompletedAsync();

        status.Rows.ShouldBe(saved.Rows);
        status.SafetyBackup.ShouldNotBeNull();
        await restore.WaitUntilTidyAsync();
        await instance.WaitUntilReadyAsync();
        saved.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).ShouldBeEmpty();
        (await SizeAsync(database)).ShouldBeGreaterThanOrEqualTo(Gibibyte);
    }

    private static async Task<int> RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> SizeAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT pg_database_size(current_database())");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
