using System.Diagnostics;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Npgsql;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Backups of running and stopped instances, under the rights of <c>deploy/</c>, by the real <c>pg_dump</c>, <c>tar</c> and <c>gpg</c>.</summary>
public sealed class BackupTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Passphrase = "correct horse 'battery' \"staple\" $(id)";

    [Fact]
    public async Task A_set_of_a_running_instance_holds_everything_and_opens_with_nothing_but_gpg_tar_and_pg_restore()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, Backed(InstanceBuilder.External(database))
            .With("backup.include", new JsonArray("Database", "Files", "Configuration", "Secrets"))
            .With("backup.encryption.passphraseSecretRef.name", "passphrase")
            .WithSecret("passphrase", ("passphrase", Passphrase))
            .WithSecret(InstanceBuilder.KeysSecret, ("OPENROUTER_API_KEY", "sk-or-canary-4711"))
            .WithConfigMap("settings", ("config.yaml", "a: 1\n"))
            .With("configRef.name", "settings"));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 2, cancellation: Cancellation);
        var files = Folder(ns, "home-data");
        await ApplicationFiles.WriteAsync(files, 1, cancellation: Cancellation);

        var backup = await TestBackup.CreateAsync(instance, "before-journey", new JsonObject { ["verify"] = "Restore" });
        var status = await backup.WaitUntilCompletedAsync();

        var sums = await DatabaseChecksums.ReadAsync(database.Server.ConnectionString(database.Name), Cancellation);
        status.Rows.ShouldBe(sums.Rows);
        status.Verified.ShouldNotBeNull().Rows.ShouldBe(sums.Rows);
        status.Parts!.Select(part => part.File).ShouldBe(["database.dump", "files.tar", "configuration.json", "secrets.json.gpg"]);
        status.SizeBytes.ShouldBe(status.Parts!.Sum(part => part.SizeBytes));
        status.Location!.Claim.ShouldBe(TestBackup.Claim);
        status.Revision.ShouldBe("add_is_skill_notes");
        status.Attempts.ShouldBe(1);
        await backup.WaitUntilTidyAsync();
        await instance.WaitForEventAsync("BackupStarted", "before-journey");
        await instance.WaitForEventAsync("BackupCompleted", "before-journey");

        var set = Path.Combine(Folder(ns, TestBackup.Claim), status.Location.Path);
        Directory.GetDirectories(Path.GetDirectoryName(set)!).ShouldHaveSingleItem().ShouldBe(set);
        var target = await ExternalDatabase.CreateAsync(Bed);
        await RestoreAsync(target, Path.Combine(set, "database.dump"));
        sums.Differences(await DatabaseChecksums.ReadAsync(target.Server.ConnectionString(target.Name), Cancellation)).ShouldBeEmpty();

        var open = Directory.CreateTempSubdirectory("opened-");
        await RunAsync("tar", ["-xf", Path.Combine(set, "files.tar"), "-C", open.FullName]);
        ApplicationFiles.Differences(await ApplicationFiles.ReadAsync(files, Cancellation), await ApplicationFiles.ReadAsync(open.FullName, Cancellation)).ShouldBeEmpty();
        open.Delete(recursive: true);

        var secrets = JsonNode.Parse(await RunAsync("gpg", ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", Passphrase, "-d", Path.Combine(set, "secrets.json.gpg")]))!["items"]!.AsArray();
        secrets.Select(secret => (string?)secret!["metadata"]!["name"]).ShouldBe([InstanceBuilder.KeysSecret, "home-generated", InstanceBuilder.DatabaseSecret], ignoreOrder: true);
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(set, "configuration.json"), Cancellation))!["items"]!.AsArray();
        configuration.Select(item => (string?)item!["kind"]).ShouldBe(["ConfigMap", "FamilyAssistantInstance"]);
        configuration[1]!["status"].ShouldBeNull();
    }

    [Fact]
    public async Task A_running_instance_with_a_managed_database_is_backed_up_and_its_set_restored_for_a_test()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, Backed(InstanceBuilder.Managed()));
        await instance.WaitUntilReadyAsync();

        var status = await (await TestBackup.CreateAsync(instance, "proven", new JsonObject { ["verify"] = "Restore" })).WaitUntilCompletedAsync();

        var verified = status.Verified.ShouldNotBeNull();
        verified.Rows.ShouldBe(status.Rows.ShouldNotBeNull());
        verified.Rows.ShouldBePositive();
        verified.RestoreSeconds.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_stopped_instance_with_a_managed_database_is_backed_up_and_its_files_go_with_the_object_when_that_says_so()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, Backed(InstanceBuilder.Managed()));
        await instance.WaitUntilReadyAsync();
        await instance.SetAsync("replicas", 0);
        await instance.WaitForAsync(async () => (await instance.PodsAsync()).Count == 0, "the end of the pods");

        var kept = await (await TestBackup.CreateAsync(instance, "kept")).WaitUntilCompletedAsync();
        var goes = await TestBackup.CreateAsync(instance, "goes", new JsonObject { ["deletionPolicy"] = "Delete" });
        var gone = await goes.WaitUntilCompletedAsync();
        var sets = Folder(ns, TestBackup.Claim);
        Directory.Exists(Path.Combine(sets, gone.Location!.Path)).ShouldBeTrue();

        await goes.DeleteAsync();
        await goes.WaitUntilGoneAsync();
        Directory.Exists(Path.Combine(sets, gone.Location.Path)).ShouldBeFalse();

        var other = new TestBackup(instance, "kept");
        await other.DeleteAsync();
        await other.WaitUntilGoneAsync();
        Directory.Exists(Path.Combine(sets, kept.Location!.Path)).ShouldBeTrue();
    }

    [Fact]
    public async Task It_says_what_it_waits_for_and_goes_on_when_that_is_there()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)));
        await instance.WaitUntilReadyAsync();
        var backup = await TestBackup.CreateAsync(instance, "waits", new JsonObject { ["include"] = new JsonArray("Database", "Secrets") });
        await backup.WaitForAsync("Pending", "BackupNotConfigured");

        await instance.SetAsync("backup", new JsonObject { ["volume"] = new JsonObject { ["existingClaim"] = TestBackup.Claim } });
        await backup.WaitForAsync("Pending", "EncryptionNotConfigured");
        await instance.SetAsync("backup.encryption", new JsonObject { ["passphraseSecretRef"] = new JsonObject { ["name"] = "passphrase" } });
        (await backup.WaitForAsync("Pending", "PassphraseNotFound")).Message!.ShouldContain("Secret passphrase");
        await instance.CreateSecretAsync("passphrase", ("passphrase", ""));
        await backup.WaitForAsync("Pending", "PassphraseInvalid");
        await instance.SetSecretAsync("passphrase", ("passphrase", Passphrase));
        (await backup.WaitForAsync("Pending", "ClaimNotFound")).Message!.ShouldContain("PersistentVolumeClaim sets");
        await TestBackup.CreateClaimAsync(Bed, ns.Name);

        (await backup.WaitUntilCompletedAsync()).Parts!.Count.ShouldBe(2);
    }

    private static InstanceBuilder Backed(InstanceBuilder builder) => builder.With("backup.volume.existingClaim", TestBackup.Claim);

    private string Folder(TestNamespace ns, string claim) => Bed.Cluster.Node.VolumeFolder(ns.Name, claim).ShouldNotBeNull();

    private static Task<string> RestoreAsync(ExternalDatabase target, string dump)
    {
        var superuser = new NpgsqlConnectionStringBuilder(target.Server.ConnectionString(target.Name));
        return RunAsync(
            "pg_restore",
            ["--exit-on-error", "--no-owner", "--no-privileges", "--clean", "--if-exists", "--host", superuser.Host!, "--port", $"{superuser.Port}", "--username", superuser.Username!, "--dbname", target.Name, dump],
            ("PGPASSWORD", superuser.Password!));
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        process.ExitCode.ShouldBe(0, await error);
        return output;
    }
}
