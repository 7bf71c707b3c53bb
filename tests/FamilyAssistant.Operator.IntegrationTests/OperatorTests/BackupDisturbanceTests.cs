using System.Text.Json.Nodes;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.TestData;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Whatever happens to a Job, its pod or its surroundings: one set or none, and never a false Completed.</summary>
public sealed class BackupDisturbanceTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    [Theory]
    [InlineData("evicted")]
    [InlineData("killed")]
    [InlineData("deleted")]
    public async Task A_pod_that_is_lost_is_replaced_and_there_is_one_set(string how)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, database) = await CreateAsync(ns);
        var backup = await TestBackup.CreateAsync(instance, "disturbed", new JsonObject { ["include"] = new JsonArray("Database") });
        var pod = await RunningPodAsync(instance, backup);

        switch (how)
        {
            case "evicted":
                Bed.Cluster.Node.EvictPod(ns.Name, pod.Metadata.Name).ShouldBeTrue();
                break;
            case "killed":
                Bed.Cluster.Node.KillContainer(ns.Name, pod.Metadata.Name, "tool").ShouldBeTrue();
                break;
            default:
                await Bed.Client.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, ns.Name, gracePeriodSeconds: 0, cancellationToken: Cancellation);
                break;
        }

        var status = await backup.WaitUntilCompletedAsync();

        // Older Job controllers replace a pod that was deleted by themselves.
        (how == "deleted" ? status.Attempts is 1 or 2 : status.Attempts == 2).ShouldBeTrue($"{status.Attempts} attempts");
        status.Rows.ShouldBe((await DatabaseChecksums.ReadAsync(database.Server.ConnectionString(database.Name), Cancellation)).Rows);
        OneSet(ns, status.SetId!);
        await backup.WaitUntilTidyAsync();
    }

    [Fact]
    public async Task A_Job_that_is_deleted_before_anybody_saw_its_end_is_made_again_and_there_is_one_set()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, _) = await CreateAsync(ns);
        var backup = await TestBackup.CreateAsync(instance, "unseen", new JsonObject { ["include"] = new JsonArray("Database", "Configuration") });
        var pod = await RunningPodAsync(instance, backup);

        await Bed.Client.BatchV1.DeleteNamespacedJobAsync(pod.Metadata.OwnerReferences.Single().Name, ns.Name, propagationPolicy: "Background", cancellationToken: Cancellation);

        var status = await backup.WaitUntilCompletedAsync();
        OneSet(ns, status.SetId!);
    }

    [Fact]
    public async Task A_pod_that_runs_twice_makes_one_set()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, _) = await CreateAsync(ns);
        var backup = await TestBackup.CreateAsync(instance, "twice", new JsonObject { ["include"] = new JsonArray("Database") });
        var pod = await RunningPodAsync(instance, backup);

        await Bed.Cluster.Node.RunTwinAsync(ns.Name, pod.Metadata.Name, Cancellation);

        var status = await backup.WaitUntilCompletedAsync();
        OneSet(ns, status.SetId!);
    }

    [Fact]
    public async Task A_wrong_password_is_a_failure_with_a_reason_and_no_set()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, _) = await CreateAsync(ns);
        using var held = Bed.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == ns.Name && pod.Metadata.Labels?.ContainsKey("job-name") == true);
        var backup = await TestBackup.CreateAsync(instance, "refused", new JsonObject { ["include"] = new JsonArray("Database") });
        await instance.WaitForAsync(async () => (await backup.PodsAsync()).Count == 1, "the pod of the backup");
        await instance.SetSecretAsync(InstanceBuilder.DatabaseSecret, ("password", "wrong-canary"));
        held.Dispose();

        var status = await backup.WaitForAsync("Failed", "AuthenticationFailed");

        status.Message!.ShouldNotContain("wrong-canary");
        status.Parts.ShouldBeNull();
        Directory.GetFileSystemEntries(Path.Combine(Folder(ns), "home")).ShouldBeEmpty();
        await instance.WaitForEventAsync("BackupFailed", "refused");
        await backup.WaitUntilTidyAsync();
    }

    [Fact]
    public async Task Two_at_once_run_one_after_the_other_and_each_has_its_set()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, _) = await CreateAsync(ns);
        var spec = new JsonObject { ["include"] = new JsonArray("Database") };

        var first = await TestBackup.CreateAsync(instance, "a-first", spec);
        var second = await TestBackup.CreateAsync(instance, "b-second", spec);

        var ended = await first.WaitUntilCompletedAsync();
        var then = await second.WaitUntilCompletedAsync();
        string.CompareOrdinal(ended.FinishedAt, then.StartedAt).ShouldBeLessThanOrEqualTo(0);
        Sets(ns).ShouldBe([ended.SetId!, then.SetId!], ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_in_its_middle_with_its_object_or_its_instance_nothing_goes_on(bool instanceToo)
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (instance, _) = await CreateAsync(ns);
        var backup = await TestBackup.CreateAsync(instance, "ended", new JsonObject { ["include"] = new JsonArray("Database"), ["deletionPolicy"] = "Delete" });
        await RunningPodAsync(instance, backup);

        if (instanceToo)
        {
            await instance.DeleteAsync();
            await backup.WaitForAsync("Failed", "InstanceTerminating");
            await instance.WaitUntilGoneAsync();
        }

        await backup.DeleteAsync();
        await backup.WaitUntilGoneAsync();
        await instance.WaitForAsync(async () => (await backup.PodsAsync()).Count == 0, "the end of its pods");
        Sets(ns).ShouldBeEmpty();
    }

    private async Task<(TestInstance Instance, ExternalDatabase Database)> CreateAsync(TestNamespace ns)
    {
        var database = await ExternalDatabase.CreateAsync(Bed);
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(database).With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        await ApplicationData.FillAsync(database.Server.ConnectionString(database.Name), 8, cancellation: Cancellation);
        return (instance, database);
    }

    private static Task<V1Pod> RunningPodAsync(TestInstance instance, TestBackup backup) => instance.WaitForAsync(
        async () => (await backup.PodsAsync()).FirstOrDefault(pod => pod.Status?.ContainerStatuses?.Any(status => status.State?.Running is not null) == true), "a running pod of the backup");

    private string Folder(TestNamespace ns) => Bed.Cluster.Node.VolumeFolder(ns.Name, TestBackup.Claim).ShouldNotBeNull();

    private IReadOnlyList<string> Sets(TestNamespace ns) => Path.Combine(Folder(ns), "home") is var home && Directory.Exists(home)
        ? [.. Directory.GetDirectories(home).Select(folder => Path.GetFileName(folder)!).Where(name => !name.StartsWith('.'))]
        : [];

    private void OneSet(TestNamespace ns, string setId) => Sets(ns).ShouldBe([setId]);
}
