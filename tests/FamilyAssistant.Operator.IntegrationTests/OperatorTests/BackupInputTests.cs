using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What is found to be wrong with backups only later: the field and the remedy are named, the application and the sets are left alone, and the mended input is all that it takes.</summary>
public sealed class BackupInputTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Condition = "BackupsHealthy";
    private const string Passphrase = "correct horse battery staple";

    /// <summary>A policy, the reason of the condition, and what people are told.</summary>
    private static readonly (string Policy, string Reason, string Field)[] Policies =
    [
        ("""{"schedule": "61 * * * *"}""", "InvalidSchedule", "spec.backup.schedule: "),
        ("""{"schedule": "0 0 31 2 *"}""", "ScheduleNeverFires", "spec.backup.schedule: "),
        ("""{"schedule": "* * * * *"}""", "ScheduleTooOften", "Leave at least 15 minutes"),
        ("""{"timeZone": "Mars/Olympus"}""", "UnknownTimeZone", "spec.backup.timeZone: Mars/Olympus"),
        ("""{"verification": {"schedule": "*/5 * * * *"}}""", "ScheduleTooOften", "spec.backup.verification.schedule: "),
        ("""{"volume": {"existingClaim": "nowhere"}}""", "ClaimNotFound", "spec.backup.volume.existingClaim: PersistentVolumeClaim nowhere"),
        ("""{"include": ["Secrets"], "encryption": {"passphraseSecretRef": {"name": "nobody"}}}""", "PassphraseNotFound", "Secret nobody"),
        ("""{"include": ["Secrets"], "encryption": {"passphraseSecretRef": {"name": "passphrase", "key": "other"}}}""", "PassphraseNotFound", "key other"),
    ];

    [Fact]
    public async Task A_policy_that_cannot_be_followed_is_named_and_goes_on_once_it_is_mended()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var good = new JsonObject { ["schedule"] = "0 2 * * *", ["volume"] = new JsonObject { ["existingClaim"] = TestBackup.Claim } };
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed))
            .WithSecret("passphrase", ("passphrase", Passphrase))
            .With("backup", good.DeepClone()));
        await instance.WaitUntilReadyAsync();
        var set = await (await TestBackup.CreateAsync(instance, "good", new JsonObject { ["include"] = new JsonArray("Database") })).WaitUntilCompletedAsync();
        await instance.WaitForAsync(Condition, "True");
        var pod = (await instance.PodsAsync()).ShouldHaveSingleItem().Metadata.Uid;

        foreach (var (policy, reason, field) in Policies)
        {
            var bad = good.DeepClone().AsObject();
            foreach (var (key, value) in JsonNode.Parse(policy)!.AsObject())
            {
                bad[key] = value?.DeepClone();
            }

            await ReplaceAsync(instance, bad);
            var seen = await instance.WaitForAsync(Condition, "False", reason);
            TestInstance.Of(seen, Condition)!.Message.ShouldContain(field, customMessage: policy);
            TestInstance.Of(seen, "Ready")!.Status.ShouldBe("True", policy);
            await ReplaceAsync(instance, good.DeepClone());
            await instance.WaitForAsync(Condition, "True");
        }

        (await instance.PodsAsync()).ShouldHaveSingleItem().Metadata.Uid.ShouldBe(pod);
        (await new TestBackup(instance, "good").FindAsync()).ShouldNotBeNull();
        Directory.Exists(Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull(), set.Location!.Path)).ShouldBeTrue();
    }

    /// <summary>The own claim: its size and class, as the rules in CEL say where the API server knows them.</summary>
    [Fact]
    public async Task The_set_volume_neither_shrinks_nor_changes_its_class()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().With("backup.volume.size", "2Gi"));
        await instance.WaitForAsync(Condition, "True");

        foreach (var (volume, reason, says) in ((string, string, string)[])
        [
            ("""{"size": "1Gi"}""", "CannotShrink", "a volume can grow but never shrink"),
            ("""{"storageClassName": "another"}""", "VolumeImmutable", "the storage class of an existing volume cannot be changed"),
        ])
        {
            var edit = instance.SetAsync("backup.volume", JsonNode.Parse(volume));
            if (Bed.Cluster.Capabilities.HasCel)
            {
                var refusal = await Should.ThrowAsync<RefusedException>(() => edit);
                refusal.Code.ShouldBe(422, refusal.Message);
                refusal.Message.ShouldContain(says);
                refusal.Fields.ShouldContain(name => name.StartsWith("spec.backup.volume", StringComparison.Ordinal), refusal.Message);
            }
            else
            {
                await edit;
                var seen = await instance.WaitForAsync(Condition, "False", reason);
                TestInstance.Of(seen, Condition)!.Message.ShouldContain(says);
                await instance.SetAsync("backup.volume", new JsonObject { ["size"] = "2Gi", ["storageClassName"] = null });
                await instance.WaitForAsync(Condition, "True");
            }
        }
    }

    /// <summary>The operator has never reached the database, so it does not know which tools to take: the backup says why, and begins when the password is right.</summary>
    [Fact]
    public async Task A_backup_that_waits_for_the_database_says_why_and_begins_when_that_is_mended()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database)
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .WithSecret(InstanceBuilder.DatabaseSecret, ("password", "canary-of-a-wrong-password")));
        var backup = await TestBackup.CreateAsync(instance, "waits", new JsonObject { ["include"] = new JsonArray("Database") });

        var waits = await backup.WaitForAsync(status => status.Message?.Contains("DatabaseReady says AuthenticationFailed", StringComparison.Ordinal) == true, "the reason");
        (waits.Phase, waits.Reason).ShouldBe(("Pending", "InstanceNotReady"));
        waits.Message.ShouldNotBeNull().ShouldNotContain("canary");
        (await DescribeAsync(ns.Name, "waits")).ShouldContain("AuthenticationFailed");
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "get", "fab", "waits")).Output.ShouldContain("InstanceNotReady");

        await instance.SetSecretAsync(InstanceBuilder.DatabaseSecret, ("password", database.Password));
        (await backup.WaitUntilCompletedAsync()).Parts!.ShouldHaveSingleItem();
    }

    private async Task<string> DescribeAsync(string ns, string name) => (await Bed.Cluster.KubectlAsync("-n", ns, "describe", "fab", name)).Output;

    /// <summary>The whole policy: a merge alone would leave what the one before has added.</summary>
    private static async Task ReplaceAsync(TestInstance instance, JsonNode policy)
    {
        var old = (await instance.Bed.Objects.GetAsync(TestInstance.Type, instance.Namespace, instance.Name))["spec"]!["backup"]!.AsObject();
        var patch = policy.AsObject();
        foreach (var key in old.Select(entry => entry.Key).Where(key => !patch.ContainsKey(key)).ToList())
        {
            patch[key] = null;
        }

        await instance.SetAsync("backup", patch);
    }
}
