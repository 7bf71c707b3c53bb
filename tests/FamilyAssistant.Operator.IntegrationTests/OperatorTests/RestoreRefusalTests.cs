using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What is wrong with a set or with what is asked for is found before anything is touched: the same rows, and the same pod, which was never stopped.</summary>
public sealed class RestoreRefusalTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Passphrase = "correct horse battery staple";
    private const string OtherSet = "20261126t020000z-3f2a9c1b";

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_what_cannot_be_restored_is_refused_while_the_application_runs()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var (instance, set) = await BackedUpAsync(ns, database, InstanceBuilder.External(database)
            .With("backup.include", new JsonArray("Database", "Files", "Secrets"))
            .With("backup.encryption.passphraseSecretRef.name", "passphrase")
            .WithSecret("passphrase", ("passphrase", Passphrase))
            .WithSecret("wrong", ("passphrase", Passphrase + "!")));
        var folder = Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull(), set.Location!.Path);
        var before = await PictureAsync(instance, database);

        var dryRun = OfBackup("good");
        dryRun["dryRun"] = true;
        var would = await EndAsync(instance, "dry-run", dryRun);
        would.ShouldBe("Completed", "DryRun");
        would.Message.ShouldContain($"Set {set.SetId}");
        would.Message.ShouldContain("stop the instance, save Database and Files in another set, replace its database by");
        would.Message.ShouldContain("replace the files on its data volume");

        var hasData = await EndAsync(instance, "has-data", OfVolume(TestBackup.Claim, set.SetId!));
        hasData.ShouldBe("Failed", "DatabaseHasData");

        var wrong = OfBackup("good");
        wrong["parts"] = new JsonArray("Database", "Secrets");
        wrong["passphraseSecretRef"] = new JsonObject { ["name"] = "wrong" };
        (await EndAsync(instance, "wrong-passphrase", wrong)).ShouldBe("Failed", "WrongPassphrase");

        (await CommandRunner.CaptureAsync("cp", ["-a", folder, Path.Combine(Path.GetDirectoryName(folder)!, OtherSet)], cancellation: Cancellation)).OutputOrThrow("cp");
        var foreign = OfVolume(TestBackup.Claim, OtherSet);
        foreign["replaceData"] = true;
        (await EndAsync(instance, "foreign", foreign)).ShouldBe("Failed", "ForeignSet");

        await using (var dump = File.OpenWrite(Path.Combine(folder, "database.dump")))
        {
            dump.SetLength(dump.Length / 2);
        }

        (await EndAsync(instance, "truncated", OfBackup("good"))).ShouldBe("Failed", "ChecksumMismatch");

        await ShouldBeUntouchedAsync(instance, database, before);
        (await Bed.Objects.ListAsync(Kinds.Backup, ns.Name)).ShouldHaveSingleItem("no safety backup was made");
    }

    [Fact]
    public async Task A_set_of_other_keys_is_refused_until_it_is_said_that_this_is_meant()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var (instance, _) = await BackedUpAsync(ns, database, InstanceBuilder.External(database));
        var session = await GeneratedAsync(instance, "SESSION_SECRET_KEY");
        await (await TestOperation.CreateAsync(instance, "rotate-vapid", "RotateVapidKeys")).WaitUntilSucceededAsync();
        await (await TestOperation.CreateAsync(instance, "rotate-session", "RotateSessionSecret")).WaitUntilSucceededAsync();
        await instance.WaitUntilReadyAsync();
        var before = await PictureAsync(instance, database);

        var refused = await EndAsync(instance, "refused", OfBackup("good"));
        refused.ShouldBe("Failed", "KeysDiffer");
        refused.Message.ShouldContain("VAPID_PRIVATE_KEY and SESSION_SECRET_KEY of instance home are not what the set was made with");
        var accepted = OfBackup("good");
        (accepted["acceptKeyChange"], accepted["dryRun"]) = (true, true);
        (await EndAsync(instance, "accepted", accepted)).ShouldBe("Completed", "DryRun");
        await ShouldBeUntouchedAsync(instance, database, before);

        // The remedy of the message, for one of them.
        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("SESSION_SECRET_KEY", session));
        await instance.WaitForAsync(async () => (await instance.PodsAsync()) is [{ } pod] && pod.Metadata.Uid != before.Pod, "the pod with the old key");
        await instance.WaitUntilReadyAsync();
        before = await PictureAsync(instance, database);
        var half = await EndAsync(instance, "half", OfBackup("good"));
        half.ShouldBe("Failed", "KeysDiffer");
        half.Message.ShouldContain("VAPID_PRIVATE_KEY of instance home is not what the set was made with");
        half.Message.ShouldNotContain("SESSION_SECRET_KEY");
        await ShouldBeUntouchedAsync(instance, database, before);
    }

    /// <summary>All of it is seen at the first look, so no database has to answer.</summary>
    [Fact]
    public async Task A_source_that_is_missing_unfinished_or_of_another_instance_is_named_with_a_remedy()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().With("backup.volume.existingClaim", TestBackup.Claim).WithSecret("empty", ("passphrase", "")));
        await (await TestBackup.CreateAsync(instance, "waits")).WaitForAsync("Pending");
        await Bed.Objects.CreateAsync(Kinds.Backup, ns.Name, TestBackup.Manifest("theirs", "other"));
        var (missing, empty) = (OfVolume("nowhere", OtherSet), OfVolume("nowhere", OtherSet));
        missing["parts"] = new JsonArray("Secrets");
        (empty["parts"], empty["passphraseSecretRef"]) = (new JsonArray("Secrets"), new JsonObject { ["name"] = "empty" });

        foreach (var (name, spec, reason, says) in ((string, JsonObject, string, string)[])
        [
            ("not-there", OfBackup("nothing"), "BackupNotFound", "spec.source.backupRef: there is no FamilyAssistantBackup nothing"),
            ("of-another", OfBackup("theirs"), "BackupNotOwned", "spec.source.volume with instanceName"),
            ("unfinished", OfBackup("waits"), "BackupNotCompleted", "FamilyAssistantBackup waits is Pending"),
            ("no-claim", OfVolume("nowhere", OtherSet), "ClaimNotFound", "PersistentVolumeClaim nowhere"),
            ("no-passphrase", missing, "PassphraseNotNamed", "spec.passphraseSecretRef"),
            ("empty-passphrase", empty, "PassphraseMissing", "Secret empty has no key passphrase"),
        ])
        {
            // A real one would wait behind the backup that waits for its volume.
            spec["dryRun"] = true;
            var end = await CreateAsync(instance, name, spec);
            (end.Phase, end.Reason).ShouldBe(("Failed", reason), end.Message);
            end.Message.ShouldNotBeNull().ShouldContain(says);
            end.Message.ShouldContain("another restore");
        }

        (await Bed.Objects.ListAsync(ResourceTypes.Job, ns.Name)).ShouldBeEmpty();
    }

    private static async Task<string> GeneratedAsync(TestInstance instance, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(
        (await instance.Bed.Objects.GetAsync(ResourceTypes.Secret, instance.Namespace, ObjectNames.GeneratedSecret(instance.Name)))["data"]![key]!.GetValue<string>()));

    private static JsonObject OfBackup(string backup) => new() { ["source"] = new JsonObject { ["backupRef"] = new JsonObject { ["name"] = backup } } };

    private static JsonObject OfVolume(string claim, string setId) => new() { ["source"] = new JsonObject { ["volume"] = new JsonObject { ["claimName"] = claim, ["setId"] = setId } } };

    private async Task<(TestInstance Instance, BackupStatus Set)> BackedUpAsync(TestNamespace ns, ExternalDatabase database, InstanceBuilder builder)
    {
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, builder.With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 1, cancellation: Cancellation);
        return (instance, await (await TestBackup.CreateAsync(instance, "good")).WaitUntilCompletedAsync());
    }

    private static async Task<End> EndAsync(TestInstance instance, string name, JsonObject spec)
    {
        var status = await CreateAsync(instance, name, spec);
        status.SafetyBackup.ShouldBeNull();
        return new End(status.Phase, status.Reason, status.Message ?? "");
    }

    private static async Task<RestoreStatus> CreateAsync(TestInstance instance, string name, JsonObject spec)
    {
        spec["instanceRef"] = new JsonObject { ["name"] = instance.Name };
        await instance.Bed.Objects.CreateAsync(Kinds.Restore, instance.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec });
        return await new TestRestore(instance, name).WaitUntilEndedAsync();
    }

    private static async Task<Picture> PictureAsync(TestInstance instance, ExternalDatabase database)
    {
        var pod = (await instance.PodsAsync()).ShouldHaveSingleItem();
        return new Picture(pod.Metadata.Uid, pod.Status.ContainerStatuses.Sum(container => container.RestartCount), await DatabaseChecksums.ReadAsync(database.Server.ConnectionString(database.Name), Cancellation));
    }

    private static async Task ShouldBeUntouchedAsync(TestInstance instance, ExternalDatabase database, Picture before)
    {
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
        await instance.WaitUntilReadyAsync();
        var after = await PictureAsync(instance, database);
        (after.Pod, after.Restarts).ShouldBe((before.Pod, before.Restarts));
        before.Rows.Differences(after.Rows).ShouldBeEmpty();
    }

    private sealed record Picture(string Pod, int Restarts, DatabaseChecksums Rows);

    private sealed record End(string? Phase, string? Reason, string Message)
    {
        public void ShouldBe(string phase, string reason)
        {
            (Phase, Reason).ShouldBe((phase, reason), Message);
            if (phase == "Failed")
            {
                Message.ShouldContain("Nothing was replaced.");
            }
        }
    }
}
