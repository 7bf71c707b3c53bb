using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Cli;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A restore that finds no room for the new data beside the old: everything is as it was, and the instance runs on it.</summary>
public sealed class RestoreDiskFullTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Theory]
    [InlineData("RestoringDatabase")]
    [InlineData("RestoringFiles")]
    public async Task What_was_begun_is_taken_back(string stage)
    {
        RequirePods();
        RequireOwnCluster();
        Assert.SkipUnless(Bed.Cluster.Node.CanLimitVolumes, "this process may not mount");
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await using var disk = stage == "RestoringDatabase" ? await Tablespace.CreateAsync(database) : null;
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var builder = InstanceBuilder.External(database).With("backup.volume.existingClaim", TestBackup.Claim);
        var instance = await Bed.CreateAsync(ns, stage == "RestoringFiles" ? builder.With("storage", new JsonObject { ["size"] = "24Mi", ["storageClassName"] = StorageClasses.Limited }) : builder);
        await instance.WaitUntilReadyAsync();
        var files = Bed.Cluster.Node.VolumeFolder(ns.Name, ObjectNames.DataClaim("home")).ShouldNotBeNull();
        await ApplicationData.FillAsync(Connection(database), 16, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(files, 14, cancellation: Cancellation);
        await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync();
        await database.ScalarAsync<object>("DELETE FROM notes");
        await ApplicationFiles.WriteAsync(files, 14, seed: 2, cancellation: Cancellation);
        var (rows, content) = (await DatabaseChecksums.ReadAsync(Connection(database), Cancellation), await FilesAsync(files));

        if (disk is not null)
        {
            await disk.LeaveAsync(6 << 20);
        }

        var restore = await TestRestore.CreateAsync(instance, "too-large", "good");
        var status = await restore.WaitUntilEndedAsync();

        (status.Phase, status.Reason).ShouldBe(("Failed", "DiskFull"), status.Message);
        status.Before!["failed.stage"].ShouldBe(stage);
        status.Message.ShouldNotBeNull().ShouldContain(stage == "RestoringFiles" ? "The data volume is full" : "The disk of the database server is full");
        status.Message.ShouldContain("side by side");
        await restore.WaitUntilTidyAsync();
        await instance.WaitUntilReadyAsync();
        rows.Differences(await DatabaseChecksums.ReadAsync(Connection(database), Cancellation)).ShouldBeEmpty();
        ApplicationFiles.Differences(content, await FilesAsync(files)).ShouldBeEmpty();
        Directory.GetFileSystemEntries(files, ".*").Select(Path.GetFileName).ShouldNotContain(name => name!.StartsWith(".before-") || name.StartsWith(".restore-"));
    }

    [Fact]
    public async Task A_managed_server_that_its_full_disk_may_have_ended_has_the_old_rows_again_once_it_is_enlarged()
    {
        RequirePods();
        RequireOwnCluster();
        Assert.SkipUnless(Bed.Cluster.Node.CanLimitVolumes, "this process may not mount");
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed()
            .With("database.managed", new JsonObject { ["storage"] = "256Mi", ["storageClassName"] = StorageClasses.Limited })
            .With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        var connection = await DrillPicture.ConnectionAsync(Bed.Client, ns.Name, "home", Cancellation);
        await ApplicationData.FillAsync(connection, 24, cancellation: Cancellation);
        await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync();
        await ApplicationData.FillAsync(connection, 1, seed: 2, cancellation: Cancellation);
        var before = await DatabaseChecksums.ReadAsync(connection, Cancellation);

        // Room for less than one more copy. Whether the tables or the log of changes meet the end of it first is the server's to choose; without room for its log it ends.
        var disk = Bed.Cluster.Node.VolumeFolder(ns.Name, ObjectNames.ManagedDatabaseClaim("home")).ShouldNotBeNull();
        await File.WriteAllBytesAsync(Path.Combine(disk, "ballast"), new byte[new DriveInfo(disk).AvailableFreeSpace - (24 << 20)], Cancellation);
        var restore = await TestRestore.CreateAsync(instance, "too-large", "good");
        await restore.WaitForAsync(status => status.Stage == "PuttingBack" || status.Phase == "Failed", "the full disk");
        await instance.SetAsync("database.managed.storage", "512Mi");
        var status = await restore.WaitUntilEndedAsync();

        status.Phase.ShouldBe("Failed");
        status.Reason.ShouldBeOneOf("DiskFull", "DatabaseUnreachable");
        status.Before!["failed.stage"].ShouldBe("RestoringDatabase", status.Message);
        await restore.WaitUntilTidyAsync();
        await instance.WaitUntilReadyAsync();
        // A server that was ended skips the values of sequences that it had in reserve.
        before.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).Where(line => !line.StartsWith("sequence ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Connection(ExternalDatabase database) => database.Server.ConnectionString(database.Name);

    /// <summary>Without what the application writes again at each start.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> FilesAsync(string folder) =>
        (await ApplicationFiles.ReadAsync(folder, Cancellation)).Where(file => Path.GetFileName(file.Key) != ".last-start").ToDictionary();

    /// <summary>
    /// A disk of the database's own, which can be made as small as its content. The server's log of changes stays elsewhere: where that is full the whole server ends, and with it the databases of the
    /// other tests. Not a claim's volume: the server's user has no way into the folder of the cluster.
    /// </summary>
    private sealed class Tablespace(ExternalDatabase database, DirectoryInfo disk) : IAsyncDisposable
    {
        public static async Task<Tablespace> CreateAsync(ExternalDatabase database)
        {
            var disk = Directory.CreateTempSubdirectory("tablespace-");
            await LimitedFolders.MountAsync(disk.FullName, 256 << 20);
            var made = new Tablespace(database, disk);
            await database.ScalarAsync<object>($"COPY (SELECT) TO PROGRAM 'mkdir {disk.FullName}/data'");
            await database.ScalarAsync<object>($"CREATE TABLESPACE {database.Name} LOCATION '{disk.FullName}/data'");
            await database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} SET TABLESPACE {database.Name}", cancellation: Cancellation);
            return made;
        }

        /// <summary>Takes all room but this.</summary>
        public Task LeaveAsync(int bytes)
        {
            var drive = new DriveInfo(disk.FullName);
            return LimitedFolders.ResizeAsync(disk.FullName, drive.TotalSize - drive.AvailableFreeSpace + bytes);
        }

        public async ValueTask DisposeAsync()
        {
            await database.Server.DropDatabaseAsync(database.Name);
            await database.Server.ExecuteAsync($"DROP TABLESPACE {database.Name}");
            await LimitedFolders.UnmountAsync(disk.FullName);
            disk.Delete();
        }
    }
}
