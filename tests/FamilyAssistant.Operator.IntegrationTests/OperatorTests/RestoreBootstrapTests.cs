using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Cli;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An instance that does not exist, made from the volume of its sets, a passphrase and one object, under the rights of <c>deploy/</c>.</summary>
public sealed class RestoreBootstrapTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Passphrase = "correct horse battery staple";

    [Fact]
    public async Task A_set_volume_and_its_passphrase_make_the_instance_with_its_rows_files_keys_and_settings()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (before, set) = await LoseAsync(ns);

        await using var empty = await Bed.CreateNamespaceAsync();
        await using var rescued = await RescuedVolume.CreateAsync(Bed, ns, empty);
        var home = new TestInstance(Bed, empty.Name, "home");
        await home.CreateSecretAsync("passphrase-on-paper", ("passphrase", Passphrase));
        var status = await (await TestRestore.OfVolumeAsync(home, "after-the-disaster", RescuedVolume.Claim, set.SetId!, new JsonObject
        {
            ["parts"] = new JsonArray("Database", "Files", "Configuration", "Secrets"),
            ["passphraseSecretRef"] = new JsonObject { ["name"] = "passphrase-on-paper" },
        })).WaitUntilCompletedAsync();

        status.Rows.ShouldBe(set.Rows);
        status.SafetyBackup.ShouldBeNull("there was nothing to save");
        var instance = await home.WaitUntilReadyAsync();
        var after = await PictureAsync(empty, "home");
        before.Rows.Differences(after.Rows).ShouldBeEmpty();
        ApplicationFiles.Differences(before.Files, after.Files).ShouldBeEmpty();
        ApplicationFiles.Differences(before.Inputs, after.Inputs).ShouldBeEmpty();
        instance.Spec.Backup!.Volume.ExistingClaim.ShouldBe(RescuedVolume.Claim, "later sets go where this one was found");
        var made = await Bed.CreatesAsync(empty);
        string[] objects = ["familyassistantinstances/home", "configmaps/settings", $"secrets/{InstanceBuilder.KeysSecret}", "secrets/home-generated", "secrets/home-postgres"];
        objects.Where(name => made.GetValueOrDefault(name) != 1).ShouldBeEmpty("made once, by the operator");
    }

    [Fact]
    public async Task An_instance_of_another_name_that_is_applied_beside_its_restore_runs_for_the_first_time_on_the_data_of_the_set()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (before, set) = await LoseAsync(ns);

        await using var other = await Bed.CreateNamespaceAsync();
        await using var rescued = await RescuedVolume.CreateAsync(Bed, ns, other);
        var restore = await TestRestore.OfVolumeAsync(new TestInstance(Bed, other.Name, "house"), "moves-in", RescuedVolume.Claim, set.SetId!, new JsonObject
        {
            ["parts"] = new JsonArray("Database", "Files", "Secrets"),
            ["passphraseSecretRef"] = new JsonObject { ["name"] = "passphrase-on-paper" },
        }, of: "home");
        await restore.WaitForAsync(waits => waits is { Phase: "Pending", Reason: "InstanceNotFound" }, "the wait for the instance");
        var house = await Bed.CreateAsync(other, InstanceBuilder.Managed().Named("house")
            .With("backup.volume.existingClaim", RescuedVolume.Claim)
            .WithSecret("passphrase-on-paper", ("passphrase", Passphrase))
            .WithConfigMap("settings", ("config.yaml", "a: 2\n"))
            .With("configRef.name", "settings"));

        var status = await restore.WaitUntilCompletedAsync();

        status.SafetyBackup.ShouldBeNull("there was nothing to save");
        await house.WaitUntilReadyAsync();
        house.PodsSoFar().ShouldBe(1, "none that made an empty schema first");
        var after = await PictureAsync(other, "house");
        before.Rows.Differences(after.Rows).ShouldBeEmpty();
        ApplicationFiles.Differences(before.Files, after.Files).ShouldBeEmpty();
        string[] generated = ["VAPID_PRIVATE_KEY", "SESSION_SECRET_KEY"];
        generated.Where(key => after.Inputs[$"Secret house-generated/{key}"] != before.Inputs[$"Secret home-generated/{key}"]).ShouldBeEmpty("those of the set");
        after.Inputs["ConfigMap settings"].ShouldBe("a: 2\n", "what was applied is not the set's to change");
    }

    /// <summary>An instance with all that a set can hold, and its last set.</summary>
    private async Task<(Picture Before, BackupStatus Set)> LoseAsync(TestNamespace ns)
    {
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var lost = await Bed.CreateAsync(ns, InstanceBuilder.Managed()
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .With("backup.include", new JsonArray("Database", "Files", "Configuration", "Secrets"))
            .With("backup.encryption.passphraseSecretRef.name", "passphrase")
            .WithSecret("passphrase", ("passphrase", Passphrase))
            .WithConfigMap("settings", ("config.yaml", "a: 1\n"))
            .With("configRef.name", "settings"));
        await lost.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(await ConnectionAsync(ns), 1, cancellation: Cancellation);
        await ApplicationFiles.WriteAsync(Folder(ns, "home-data"), 1, cancellation: Cancellation);
        var before = await PictureAsync(ns, "home");
        return (before, await (await TestBackup.CreateAsync(lost, "last")).WaitUntilCompletedAsync());
    }

    private string Folder(TestNamespace ns, string claim) => Bed.Cluster.Node.VolumeFolder(ns.Name, claim).ShouldNotBeNull();

    private Task<string> ConnectionAsync(TestNamespace ns, string instance = "home") => DrillPicture.ConnectionAsync(Bed.Client, ns.Name, instance, Cancellation);

    private async Task<Picture> PictureAsync(TestNamespace ns, string instance)
    {
        SortedDictionary<string, string> inputs = new(StringComparer.Ordinal);
        string[] secrets = [InstanceBuilder.KeysSecret, $"{instance}-generated", $"{instance}-postgres"];
        foreach (var name in secrets)
        {
            foreach (var (key, value) in (await Bed.Client.CoreV1.ReadNamespacedSecretAsync(name, ns.Name, cancellationToken: Cancellation)).Data)
            {
                inputs[$"Secret {name}/{key}"] = Encoding.UTF8.GetString(value);
            }
        }

        inputs["ConfigMap settings"] = (await Bed.Client.CoreV1.ReadNamespacedConfigMapAsync("settings", ns.Name, cancellationToken: Cancellation)).Data["config.yaml"];
        var files = (await ApplicationFiles.ReadAsync(Folder(ns, $"{instance}-data"), Cancellation)).Where(file => Path.GetFileName(file.Key) != ".last-start").ToDictionary();
        return new Picture(await DatabaseChecksums.ReadAsync(await ConnectionAsync(ns, instance), Cancellation), files, inputs);
    }

    private sealed record Picture(DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Inputs);
}
