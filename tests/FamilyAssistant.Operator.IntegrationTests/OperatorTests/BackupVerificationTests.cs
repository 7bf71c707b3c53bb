using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>Test restores by schedule, and what a test restore leaves to read.</summary>
public sealed class BackupVerificationTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4961;
    private const string Token = "4961:AAcanaryBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    [Fact]
    public async Task A_tick_restores_the_newest_set_for_a_test_once()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("backup.volume.existingClaim", TestBackup.Claim));
        await instance.WaitUntilReadyAsync();
        var backup = await TestBackup.CreateAsync(instance, "tested");
        var completed = await backup.WaitUntilCompletedAsync();
        completed.Verified.ShouldBeNull();
        await backup.WaitUntilTidyAsync();

        // As the backup looks two hours later, whatever the time is: a tick lies between.
        var earlier = TimeProvider.System.GetUtcNow().AddHours(-2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await Bed.Objects.PatchAsync(Kinds.Backup, ns.Name, backup.Name, $$$"""{"status": {"finishedAt": "{{{earlier}}}"} }""", "status");
        await instance.SetAsync("backup.verification", new JsonObject { ["schedule"] = "0 * * * *" });

        var tested = await backup.WaitForAsync(status => status.LastVerification is { Result: "Succeeded" or "Failed" }, "the end of a test restore");
        var run = tested.LastVerification!;
        run.Result.ShouldBe("Succeeded", run.Message);
        run.FinishedAt.ShouldNotBeNull();
        tested.Verified.ShouldNotBeNull().Rows.ShouldBe(completed.Rows.ShouldNotBeNull());
        tested.Phase.ShouldBe("Completed");
        tested.SetId.ShouldBe(completed.SetId);
        await instance.WaitForAsync(async () => await VerifiedEventsAsync(ns) == 1, "an event of the test restore");
        await backup.WaitUntilTidyAsync();

        // The tick counts once: not again for the same set, nor for one that is newer.
        var later = await TestBackup.CreateAsync(instance, "later", new JsonObject { ["include"] = new JsonArray("Database") });
        await later.WaitUntilCompletedAsync();
        await later.WaitUntilTidyAsync();
        var hour = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH", CultureInfo.InvariantCulture);
        if (run.Tick.StartsWith(hour, StringComparison.Ordinal))
        {
            (await later.FindAsync())!.Status!.LastVerification.ShouldBeNull();
            (await backup.FindAsync())!.Status!.LastVerification.ShouldBe(run);
            (await VerifiedEventsAsync(ns)).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Jobs_pods_logs_events_and_status_of_a_backup_hold_no_secret()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        await TestBackup.CreateClaimAsync(Bed, ns.Name);
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot)
            .With("backup.volume.existingClaim", TestBackup.Claim)
            .With("backup.include", new JsonArray("Database", "Files", "Configuration", "Secrets"))
            .With("backup.encryption.passphraseSecretRef.name", "passphrase")
            .WithSecret("passphrase", ("passphrase", "canary 'of' \"the\" passphrase"))
            .WithSecret(InstanceBuilder.KeysSecret, ("TELEGRAM_BOT_TOKEN", Token), ("OPENROUTER_API_KEY", "sk-or-canary-backup-93c1")));
        await instance.WaitUntilReadyAsync();

        // Held back until it is paused, so that everything stays to be read when the Job has ended.
        TestBackup backup;
        using (Bed.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == ns.Name && pod.Metadata.Labels?.ContainsKey("job-name") == true))
        {
            backup = await TestBackup.CreateAsync(instance, "canary", new JsonObject { ["verify"] = "Restore" });
            await instance.WaitForAsync(async () => (await backup.PodsAsync()).Count == 1, "the pod of the backup");
            await instance.AnnotateAsync(WireNames.PausedAnnotation, "true");
            await backup.WaitForAsync(status => status.Reason == "InstancePaused", "the pause");
        }

        await instance.WaitForAsync(async () => (await backup.JobsAsync()).Single().Status?.Succeeded == 1, "the end of the Job");

        var pod = (await backup.PodsAsync()).ShouldHaveSingleItem();
        pod.Status.ContainerStatuses.Single().State.Terminated.Message.ShouldContain("\"Succeeded\"");
        var log = (await Bed.Cluster.KubectlAsync("-n", ns.Name, "logs", pod.Metadata.Name)).Output;
        var canaries = new Canaries();
        await canaries.AddAllAsync(Bed, ns);
        canaries.Add("whole token", Token);
        string[] looked = [$"{InstanceBuilder.DatabaseSecret}.password", "whole token", "home-generated.VAPID_PRIVATE_KEY", "home-generated.SESSION_SECRET_KEY"];
        looked.ShouldBeSubsetOf(canaries.In(await InputAsync(ns, backup)), "the search finds what is there");
        var job = await Bed.Cluster.KubectlAsync("-n", ns.Name, "get", "jobs,pods", "-l", $"{WireNames.ProcedureLabel}={backup.Name}", "-o", "json");
        job.Output.ShouldContain(pod.Metadata.Uid);
        canaries.In(job.Output).ShouldBeEmpty("Job and pod");
        canaries.In(log).ShouldBeEmpty("log of the pod");

        await instance.AnnotateAsync(WireNames.PausedAnnotation, null);
        (await backup.WaitUntilCompletedAsync()).Verified.ShouldNotBeNull();
        await instance.WaitForEventAsync("BackupCompleted", "canary");
        canaries.In((await Bed.Objects.GetAsync(Kinds.Backup, ns.Name, backup.Name)).ToJsonString()).ShouldBeEmpty("backup");
        canaries.In(await instance.EverythingSaidAsync()).ShouldBeEmpty("objects, events and log of the operator");
    }

    /// <summary>What the Job was given to read: the Secrets of the set, in a Secret.</summary>
    private async Task<string> InputAsync(TestNamespace ns, TestBackup backup)
    {
        var input = (await Bed.Client.CoreV1.ListNamespacedSecretAsync(ns.Name, labelSelector: $"{WireNames.ProcedureLabel}={backup.Name}", cancellationToken: Cancellation)).Items.ShouldHaveSingleItem();
        return string.Join('\n', input.Data.Values.Select(Encoding.UTF8.GetString));
    }

    private async Task<int> VerifiedEventsAsync(TestNamespace ns) =>
        (await Bed.Client.EventsV1.ListNamespacedEventAsync(ns.Name, cancellationToken: Cancellation)).Items.Count(told => told.Reason == "BackupVerified");
}
