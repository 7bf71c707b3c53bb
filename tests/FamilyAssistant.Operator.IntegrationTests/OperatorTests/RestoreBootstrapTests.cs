using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Cli;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An instance that does not exist, made from the volume of its sets, a passphrase and one object, under the rights of <c>deploy/</c>.</summary>
public sealed class RestoreBootstrapTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Passphrase = "correct horse battery staple";
    private const string Rescued = "rescued";

    [Fact]
    public async Task A_set_volume_and_its_passphrase_make_the_instance_with_its_rows_files_keys_and_settings()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
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
        var before = await PictureAsync(ns);
        var set = await (await TestBackup.CreateAsync(lost, "last")).WaitUntilCompletedAsync();

        await using var empty = await Bed.CreateNamespaceAsync();
        var rescued = Directory.CreateTempSubdirectory("rescued-");
        try
        {
            (await CommandRunner.CaptureAsync("cp", ["-a", Folder(ns, TestBackup.Claim) + "/.", rescued.FullName], cancellation: Cancellation)).OutputOrThrow("cp");
            await Bed.Cluster.Node.AdoptVolumeAsync(empty.Name, Rescued, rescued.FullName, cancellation: Cancellation);
            var home = new TestInstance(Bed, empty.Name, "home");
            await home.CreateSecretAsync("passphrase-on-paper", ("passphrase", Passphrase));
            await Bed.Objects.CreateAsync(Kinds.Restore, empty.Name, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "after-the-disaster" },
                ["spec"] = new JsonObject
                {
                    ["instanceRef"] = new JsonObject { ["name"] = "home" },
                    ["source"] = new JsonObject { ["volume"] = new JsonObject { ["claimName"] = Rescued, ["setId"] = set.SetId } },
                    ["parts"] = new JsonArray("Database", "Files", "Configuration", "Secrets"),
                    ["passphraseSecretRef"] = new JsonObject { ["name"] = "passphrase-on-paper" },
                },
            });

            var status = await new TestRestore(home, "after-the-disaster").WaitUntilEndedAsync();

            (status.Phase, status.Reason).ShouldBe(("Completed", "Completed"), status.Message);
            status.Rows.ShouldBe(set.Rows);
            status.SafetyBackup.ShouldBeNull("there was nothing to save");
            var instance = await home.WaitUntilReadyAsync();
            var after = await PictureAsync(empty);
            before.Rows.Differences(after.Rows).ShouldBeEmpty();
            ApplicationFiles.Differences(before.Files, after.Files).ShouldBeEmpty();
            ApplicationFiles.Differences(before.Inputs, after.Inputs).ShouldBeEmpty();
            instance.Spec.Backup!.Volume.ExistingClaim.ShouldBe(Rescued, "later sets go where this one was found");
            var made = await Bed.CreatesAsync(empty);
            string[] objects = ["familyassistantinstances/home", "configmaps/settings", $"secrets/{InstanceBuilder.KeysSecret}", "secrets/home-generated", "secrets/home-postgres"];
            objects.Where(name => made.GetValueOrDefault(name) != 1).ShouldBeEmpty("made once, by the operator");
        }
        finally
        {
            await Bed.Client.CoreV1.DeletePersistentVolumeAsync($"adopted-{empty.Name}-{Rescued}", cancellationToken: Cancellation);
            rescued.Delete(recursive: true);
        }
    }

    private string Folder(TestNamespace ns, string claim) => Bed.Cluster.Node.VolumeFolder(ns.Name, claim).ShouldNotBeNull();

    private Task<string> ConnectionAsync(TestNamespace ns) => DrillPicture.ConnectionAsync(Bed.Client, ns.Name, "home", Cancellation);

    private async Task<Picture> PictureAsync(TestNamespace ns)
    {
        SortedDictionary<string, string> inputs = new(StringComparer.Ordinal);
        string[] secrets = [InstanceBuilder.KeysSecret, "home-generated", "home-postgres"];
        foreach (var name in secrets)
        {
            foreach (var (key, value) in (await Bed.Client.CoreV1.ReadNamespacedSecretAsync(name, ns.Name, cancellationToken: Cancellation)).Data)
            {
                inputs[$"Secret {name}/{key}"] = Encoding.UTF8.GetString(value);
            }
        }

        inputs["ConfigMap settings"] = (await Bed.Client.CoreV1.ReadNamespacedConfigMapAsync("settings", ns.Name, cancellationToken: Cancellation)).Data["config.yaml"];
        var files = (await ApplicationFiles.ReadAsync(Folder(ns, "home-data"), Cancellation)).Where(file => Path.GetFileName(file.Key) != ".last-start").ToDictionary();
        return new Picture(await DatabaseChecksums.ReadAsync(await ConnectionAsync(ns), Cancellation), files, inputs);
    }

    private sealed record Picture(DatabaseChecksums Rows, IReadOnlyDictionary<string, string> Files, IReadOnlyDictionary<string, string> Inputs);
}
