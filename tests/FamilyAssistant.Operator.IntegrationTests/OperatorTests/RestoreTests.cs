using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Restores on a real API server, with the real tools.</summary>
public sealed class RestoreTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task A_set_that_is_not_there_is_refused_by_its_Job_and_nothing_of_the_instance_is_touched()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)));
        await instance.WaitUntilReadyAsync();
        var pod = (await instance.PodsAsync()).ShouldHaveSingleItem().Metadata.Uid;
        await Bed.Objects.CreateAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "sets" },
            ["spec"] = new JsonObject { ["accessModes"] = new JsonArray("ReadWriteOnce"), ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Gi" } } },
        });

        var unknown = await EndAsync(instance, "unknown", new JsonObject { ["backupRef"] = new JsonObject { ["name"] = "never-made" } });
        var missing = await EndAsync(instance, "missing", new JsonObject { ["volume"] = new JsonObject { ["claimName"] = "sets", ["setId"] = "20261126t020000z-3f2a9c1b" } }, replaceData: true);

        (unknown.Phase, unknown.Reason).ShouldBe(("Failed", "BackupNotFound"));
        (missing.Phase, missing.Reason).ShouldBe(("Failed", "SetNotFound"), missing.Message);
        missing.Message.ShouldNotBeNull().ShouldContain("Nothing was replaced.");
        await instance.WaitUntilReadyAsync();
        (await instance.PodsAsync()).ShouldHaveSingleItem().Metadata.Uid.ShouldBe(pod);
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
        await instance.WaitForAsync(
            async () => (await Bed.Objects.FindAsync(Kinds.Restore, ns.Name, "missing"))?["metadata"]?["finalizers"] is not JsonArray { Count: > 0 }, "the end of the finalizer");
    }

    [Fact]
    public async Task A_backup_is_put_back_over_what_was_changed_since()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        var connection = database.Server.ConnectionString(database.Name);
        await ApplicationData.FillAsync(connection, 2, cancellation: Cancellation);
        var backup = await TestBackup.CreateAsync(instance, "good");
        var set = await backup.WaitUntilCompletedAsync();
        await database.ScalarAsync<object>("DELETE FROM notes");

        var status = await EndAsync(instance, "back", new JsonObject { ["backupRef"] = new JsonObject { ["name"] = "good" } });

        (status.Phase, status.Reason).ShouldBe(("Completed", "Completed"), status.Message);
        status.Rows.ShouldBe(set.Rows);
        status.SafetyBackup.ShouldNotBeNull();
        (await DatabaseChecksums.ReadAsync(connection, Cancellation)).Rows.ShouldBe(set.Rows!.Value);
        await instance.WaitUntilReadyAsync();
    }

    private async Task<RestoreStatus> EndAsync(TestInstance instance, string name, JsonObject source, bool replaceData = false)
    {
        await Bed.Objects.CreateAsync(Kinds.Restore, instance.Namespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject { ["instanceRef"] = new JsonObject { ["name"] = instance.Name }, ["source"] = source, ["replaceData"] = replaceData },
        });
        return await instance.WaitForAsync(
            async () => (await Bed.Objects.FindAsync(Kinds.Restore, instance.Namespace, name))?.Deserialize(ApiJsonContext.Default.FamilyAssistantRestore)?.Status is { Phase: "Completed" or "Failed" } status ? status : null,
            $"the end of restore {name}");
    }
}
