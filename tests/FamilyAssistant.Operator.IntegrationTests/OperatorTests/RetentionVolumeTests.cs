using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The retention and a volume that is not the one with the sets.</summary>
public sealed class RetentionVolumeTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Fact]
    public async Task Where_the_sets_that_stay_are_not_on_the_volume_nothing_is_deleted_until_they_are()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed))
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .With("backup.include", new JsonArray("Database"))
            .With("backup.retention", TestBackup.Keep(5)));
        await instance.WaitUntilReadyAsync();
        var expires = await TestBackup.ScheduledAsync(instance, day: 1);
        var old = (await expires.WaitUntilCompletedAsync()).SetId!;
        var newest = (await (await TestBackup.ScheduledAsync(instance, day: 2)).WaitUntilCompletedAsync()).SetId!;

        // As another volume looks that has a copy of the older set only.
        var home = Path.Combine(Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull(), "home");
        Directory.Move(Path.Combine(home, newest), Path.Combine(home, "elsewhere"));
        await instance.SetAsync("backup.retention", TestBackup.Keep(1));

        var unhealthy = await instance.WaitForAsync(ConditionTypes.BackupsHealthy, "False", "RetentionStuck");
        TestInstance.Of(unhealthy, ConditionTypes.BackupsHealthy)!.Message.ShouldContain($"Backup of-day-1 has expired, and its files are not deleted. KeptSetMissing: The set {newest}, which must remain, is not on the volume.");
        Directory.Exists(Path.Combine(home, old)).ShouldBeTrue();
        (await expires.FindAsync()).ShouldNotBeNull();

        Directory.Move(Path.Combine(home, "elsewhere"), Path.Combine(home, newest));
        var failed = (await expires.JobsAsync()).ShouldHaveSingleItem();
        await Bed.Client.BatchV1.DeleteNamespacedJobAsync(failed.Metadata.Name, ns.Name, propagationPolicy: "Background", cancellationToken: Cancellation);

        await expires.WaitUntilGoneAsync();
        await instance.WaitForAsync(ConditionTypes.BackupsHealthy, "True");
        Directory.GetDirectories(home).Select(Path.GetFileName).ShouldBe([newest]);
        (await Bed.CreatesAsync(ns)).GetValueOrDefault($"jobs/{failed.Metadata.Name}").ShouldBe(2, "one for each time that it was asked for");
    }
}
