using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Instances that are to be made from a set and cannot be: what is there stays, nothing runs without its data, and the next restore can do it.</summary>
public sealed class RestoreBootstrapRefusalTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Passphrase = "correct horse battery staple";

    [Fact]
    public async Task Rows_of_an_external_database_are_replaced_by_a_new_instance_only_when_that_is_said()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var connection = database.Server.ConnectionString(database.Name);
        var (lost, set) = await LoseAsync(ns, database);
        var saved = await DatabaseChecksums.ReadAsync(connection, Cancellation);
        await lost.DeleteAsync();
        await lost.WaitUntilGoneAsync();
        await ApplicationData.FillAsync(connection, 1, seed: 2, cancellation: Cancellation);
        var present = await DatabaseChecksums.ReadAsync(connection, Cancellation);

        await using var empty = await Bed.CreateNamespaceAsync();
        await using var rescued = await RescuedVolume.CreateAsync(Bed, ns, empty);
        var house = new TestInstance(Bed, empty.Name, "house");
        await house.CreateSecretAsync("passphrase-on-paper", ("passphrase", Passphrase));

        var careful = await RestoreAsync(house, "careful", set);
        var refused = await careful.WaitUntilEndedAsync();
        (refused.Phase, refused.Reason).ShouldBe(("Failed", "DatabaseHasData"), refused.Message);
        refused.Message.ShouldNotBeNull().ShouldContain("spec.replaceData: true");
        refused.Message.ShouldContain("FamilyAssistantInstance house, which this restore made, is paused");
        (await house.ReadAsync()).Metadata.Annotations![WireNames.PausedAnnotation].ShouldBe(WireNames.PausedUntilDeleted);
        house.PodsSoFar().ShouldBe(0);
        present.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).ShouldBeEmpty();
        await RemoveAsync(house);

        await database.Server.ExecuteAsync("DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('DROP TABLE public.%I CASCADE', t); END LOOP; END $$", database.Name, Cancellation);
        var first = await (await RestoreAsync(house, "into-nothing", set)).WaitUntilCompletedAsync();
        first.SafetyBackup.ShouldBeNull("there was nothing to save");
        await house.WaitUntilReadyAsync();
        house.PodsSoFar().ShouldBe(1);
        saved.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).ShouldBeEmpty();
        await RemoveAsync(house);

        await ApplicationData.FillAsync(connection, 1, seed: 3, cancellation: Cancellation);
        var second = await (await RestoreAsync(house, "over-rows", set, replaceData: true)).WaitUntilCompletedAsync();
        var safety = await new TestBackup(house, second.SafetyBackup.ShouldNotBeNull()).WaitUntilCompletedAsync();
        safety.Parts!.Select(part => part.Name).ShouldBe([BackupPart.Database, BackupPart.Files], "the volume of the instance before is there as well");
        await house.WaitUntilReadyAsync();
        saved.Differences(await DatabaseChecksums.ReadAsync(connection, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_that_a_new_instance_lacks_stop_its_restore_before_anything_is_made_and_one_that_brings_them_goes_on()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var connection = database.Server.ConnectionString(database.Name);
        var (lost, set) = await LoseAsync(ns, database);
        await lost.DeleteAsync();
        await lost.WaitUntilGoneAsync();
        var present = await DatabaseChecksums.ReadAsync(connection, Cancellation);

        await using var empty = await Bed.CreateNamespaceAsync();
        await using var rescued = await RescuedVolume.CreateAsync(Bed, ns, empty);
        var home = new TestInstance(Bed, empty.Name, "home");
        var refused = await (await TestRestore.OfVolumeAsync(home, "without-keys", RescuedVolume.Claim, set, new JsonObject { ["parts"] = new JsonArray("Database", "Files", "Configuration") })).WaitUntilEndedAsync();
        (refused.Phase, refused.Reason).ShouldBe(("Failed", "KeysDiffer"), refused.Message);
        refused.Message.ShouldNotBeNull().ShouldContain("VAPID_PRIVATE_KEY and SESSION_SECRET_KEY of instance home are not what the set was made with");
        refused.Message.ShouldContain("Restore the part Secrets as well (spec.parts)");
        refused.Message.ShouldContain("Nothing was replaced.");

        // A key of the user's own that is there already would win over that of the set.
        await home.CreateSecretAsync("passphrase", ("passphrase", Passphrase));
        await home.CreateSecretAsync(InstanceBuilder.KeysSecret, ("SESSION_SECRET_KEY", new string('7', 64)));
        var own = await (await RestoreAsync(home, "beside-an-own-key", set, passphrase: "passphrase")).WaitUntilEndedAsync();
        (own.Phase, own.Reason).ShouldBe(("Failed", "KeysDiffer"), own.Message);
        own.Message.ShouldNotBeNull().ShouldContain("SESSION_SECRET_KEY of instance home is not what the set was made with");
        own.Message.ShouldContain("A key in the instance's own Secret wins over that of the set: put the old value there");
        (await home.FindAsync()).ShouldBeNull();
        (await Bed.CreatesAsync(empty)).Keys.Where(made => !made.StartsWith("jobs/", StringComparison.Ordinal) && !made.StartsWith("secrets/restore-", StringComparison.Ordinal)).ShouldBeEmpty();

        await Bed.Objects.DeleteAsync(ResourceTypes.Secret, empty.Name, InstanceBuilder.KeysSecret);

        // With GitOps: an instance of its own keys, which starts as a new one when its restore has come to nothing.
        var restore = await TestRestore.OfVolumeAsync(home, "other-keys", RescuedVolume.Claim, set);
        var applied = await Bed.CreateAsync(empty, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("backup.volume.existingClaim", RescuedVolume.Claim));
        (await restore.WaitUntilEndedAsync()).Reason.ShouldBe("KeysDiffer");
        await applied.WaitUntilReadyAsync();

        var status = await (await RestoreAsync(applied, "with-keys", set, replaceData: true, passphrase: "passphrase", parts: ["Database", "Files", "Secrets"])).WaitUntilCompletedAsync();
        status.Rows.ShouldBe(present.Rows);
        await applied.WaitUntilReadyAsync();
    }

    /// <summary>An instance with rows and a set of all that a set can hold; returns the id of that.</summary>
    private async Task<(TestInstance Lost, string Set)> LoseAsync(TestNamespace ns, ExternalDatabase database)
    {
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var lost = await Bed.CreateAsync(ns, InstanceBuilder.External(database)
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .With("backup.include", new JsonArray("Database", "Files", "Configuration", "Secrets"))
            .With("backup.encryption.passphraseSecretRef.name", "passphrase")
            .WithSecret("passphrase", ("passphrase", Passphrase)));
        await lost.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 1, cancellation: Cancellation);
        return (lost, (await (await TestBackup.CreateAsync(lost, "last")).WaitUntilCompletedAsync()).SetId!);
    }

    private static Task<TestRestore> RestoreAsync(TestInstance instance, string name, string set, bool replaceData = false, string passphrase = "passphrase-on-paper", params string[] parts) => TestRestore.OfVolumeAsync(
        instance,
        name,
        RescuedVolume.Claim,
        set,
        new JsonObject
        {
            ["parts"] = new JsonArray([.. (parts is [] ? ["Database", "Files", "Configuration", "Secrets"] : parts).Select(part => (JsonNode?)part)]),
            ["passphraseSecretRef"] = new JsonObject { ["name"] = passphrase },
            ["replaceData"] = replaceData,
        },
        of: "home");

    private static async Task RemoveAsync(TestInstance instance)
    {
        await instance.DeleteAsync();
        await instance.WaitUntilGoneAsync();
    }
}
