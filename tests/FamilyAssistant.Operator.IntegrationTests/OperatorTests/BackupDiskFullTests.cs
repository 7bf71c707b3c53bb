using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A volume of the sets that takes no more: what is on it stays, half a set is none, and room is all that the next one needs.</summary>
public sealed class BackupDiskFullTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_full_volume_ends_backups_and_restores_with_a_reason_and_the_earlier_sets_and_the_instance_stay()
    {
        RequirePods();
        RequireOwnCluster();
        Assert.SkipUnless(Bed.Cluster.Node.CanLimitVolumes, "this process may not mount");
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name, storageClass: StorageClasses.Limited, size: "12Mi");
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database)
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .With("backup.retention", TestBackup.Keep(5)));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 1, cancellation: Cancellation);
        await (await TestBackup.ScheduledAsync(instance, day: 1)).WaitUntilCompletedAsync();
        await (await TestBackup.ScheduledAsync(instance, day: 2)).WaitUntilCompletedAsync();
        var sets = Entries(ns);
        sets.Count.ShouldBe(2);

        // The dump fits, the files do not: it is full in the middle.
        await ApplicationFiles.WriteAsync(Folder(ns, ObjectNames.DataClaim("home")), 20, cancellation: Cancellation);
        var before = await PictureAsync(ns, database);
        var full = await (await TestBackup.ScheduledAsync(instance, day: 3)).WaitForAsync("Failed", "DiskFull");
        full.Message.ShouldBe("The volume of the sets is full. Enlarge it, or delete sets that nobody needs.");
        full.Parts.ShouldBeNull();
        full.SetId.ShouldNotBeNull().ShouldNotBeOneOf([.. sets]);
        Entries(ns).ShouldBe(sets);

        // Without the failure the first one would go.
        await instance.SetAsync("backup.retention", TestBackup.Keep(1));
        await instance.WaitForAsync(seen => seen.Status!.Backup?.LastFailure?.Name == "of-day-3", "a look at the failure under the new policy");
        var kept = await Bed.Objects.ListAsync(Kinds.Backup, ns.Name);
        kept.Where(backup => backup["metadata"]!["deletionTimestamp"] is not null || backup["metadata"]!["annotations"]?[WireNames.ExpiredAnnotation] is not null).ShouldBeEmpty();
        Entries(ns).ShouldBe(sets);

        var restore = await TestRestore.CreateAsync(instance, "unsafe", "of-day-1");
        var status = await restore.WaitUntilEndedAsync();
        (status.Phase, status.Reason).ShouldBe(("Failed", "SafetyBackupFailed"), status.Message);
        status.Message.ShouldNotBeNull().ShouldContain("Nothing was replaced.");
        status.Message.ShouldContain("The volume of the sets is full.");
        await restore.WaitUntilTidyAsync();
        await instance.WaitUntilReadyAsync();
        var after = await PictureAsync(ns, database);
        before.Rows.Differences(after.Rows).ShouldBeEmpty();
        ApplicationFiles.Differences(before.Files, after.Files).ShouldBeEmpty();
        Entries(ns).ShouldBe(sets);

        await Bed.Objects.PatchAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, TestBackup.Claim, """{"spec": {"resources": {"requests": {"storage": "64Mi"} } } }""");
        await instance.WaitForAsync(
            async () => (string?)(await Bed.Objects.GetAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, TestBackup.Claim))["status"]?["capacity"]?["storage"] == "64Mi", "the larger volume");
        var fourth = await (await TestBackup.ScheduledAsync(instance, day: 4)).WaitUntilCompletedAsync();
        await instance.WaitForAsync(() => Task.FromResult(Entries(ns).SequenceEqual([fourth.SetId!])), "the end of what the policy lets go, now that nothing fails");
    }

    private async Task<(DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files)> PictureAsync(TestNamespace ns, ExternalDatabase database)
    {
        // The application writes this one again at each start.
        var files = (await ApplicationFiles.ReadAsync(Folder(ns, ObjectNames.DataClaim("home")), Cancellation)).Where(file => Path.GetFileName(file.Key) != ".last-start").ToDictionary();
        return (await DatabaseChecksums.ReadAsync(database.Server.ConnectionString(database.Name), Cancellation), files);
    }

    private string Folder(TestNamespace ns, string claim) => Bed.Cluster.Node.VolumeFolder(ns.Name, claim).ShouldNotBeNull();

    /// <summary>Everything in the folder of the instance, also what is hidden.</summary>
    private IReadOnlyList<string> Entries(TestNamespace ns) =>
        [.. new DirectoryInfo(Path.Combine(Folder(ns, TestBackup.Claim), "home")).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];
}
