using System.Globalization;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The schedule and the retention on a real API server. Whether the backups come to anything is not asked here: the instance has no database that answers, and is backed up on time all the same.</summary>
public sealed class BackupScheduleTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const string Schedule = "*/15 * * * *";

    [Fact]
    public async Task A_tick_that_passed_unseen_is_made_up_for_once_and_those_before_it_are_recorded()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns, new JsonObject { ["schedule"] = Schedule });
        var made = (await BackupsAsync(ns)).Count;

        // As a status looks when nobody was there for a while.
        var last = DateTimeOffset.Parse((await instance.ReadAsync()).Status!.Backup!.NextScheduled!, CultureInfo.InvariantCulture).AddMinutes(-75);
        await Bed.Objects.PatchAsync(Kinds.Instance, ns.Name, instance.Name, $$$"""{"status": {"backup": {"scheduledSince": "{{{Text(last.AddDays(-1))}}}", "lastScheduled": "{{{Text(last)}}}"} } }""", "status");

        var seen = await instance.WaitForAsync(now => now.Status!.Backup?.Missed is not null, "missed ticks");
        var backup = (await BackupsAsync(ns)).Single();
        made.ShouldBe(0, "nothing of the past is caught up");
        seen.Status!.Backup!.Missed!.Count.ShouldBeInRange(3, 4, "a tick may have come meanwhile");
        seen.Status.Backup.LastScheduled.ShouldBe((string?)backup["metadata"]!["annotations"]![WireNames.TickAnnotation]);
        ((string?)backup["metadata"]!["name"]).ShouldBe(ObjectNames.ScheduledBackup(instance.Name, DateTimeOffset.Parse(seen.Status.Backup.LastScheduled!, CultureInfo.InvariantCulture)));
        ((string?)backup["metadata"]!["labels"]![WireNames.BackupOriginLabel]).ShouldBe(WireNames.BackupOfSchedule);
        backup["metadata"]!["ownerReferences"].ShouldBeNull();
        await instance.WaitForEventAsync("BackupMissed", "ticks of spec.backup.schedule have no backup");
    }

    [Fact]
    public async Task An_expired_backup_is_marked_with_its_reason_and_deleted_and_the_next_one_waits()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns, new JsonObject { ["retention"] = new JsonObject { ["keepLast"] = 1, ["daily"] = 0, ["weekly"] = 0, ["monthly"] = 0 } });
        foreach (var name in (string[])["home-20260101-0200", "home-20260102-0200", "home-20260103-0200"])
        {
            await CompletedAsync(ns, name);
        }

        var expired = await instance.WaitForAsync(
            async () => (await BackupsAsync(ns)).FirstOrDefault(backup => backup["metadata"]!["annotations"]?[WireNames.ExpiredAnnotation] is not null && backup["metadata"]!["deletionTimestamp"] is not null),
            "an expired backup");
        ((string?)expired["metadata"]!["annotations"]![WireNames.ExpiredAnnotation]).ShouldStartWith("in no generation of spec.backup.retention (keepLast 1");
        expired["metadata"]!["finalizers"]!.AsArray().Select(name => (string?)name).ShouldContain(WireNames.BackupFinalizer);
        await instance.WaitForEventAsync("BackupExpired", (string)expired["metadata"]!["name"]!);
        // The newest stays.
        await instance.WaitForAsync(async () => await FreeAsync(ns) == 1, "one backup");
        (await instance.ReadAsync()).Status!.Conditions.ShouldContain(condition => condition.Type == ConditionTypes.BackupsHealthy);
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns, JsonObject policy)
    {
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().With("backup", policy));
        await instance.WaitForAsync(now => now.Status!.Conditions.Any(condition => condition.Type == ConditionTypes.BackupsHealthy), "a word about its backups");
        (await Bed.Objects.GetAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, ObjectNames.BackupClaim(instance.Name)))["metadata"]!["ownerReferences"].ShouldBeNull();
        return instance;
    }

    /// <summary>Lets what is on its way out go, as the Job does that deletes the files, and says how many are left.</summary>
    private async Task<int> FreeAsync(TestNamespace ns)
    {
        var backups = await BackupsAsync(ns);
        foreach (var going in backups.Where(backup => backup["metadata"]!["deletionTimestamp"] is not null))
        {
            try
            {
                await Bed.Objects.PatchAsync(Kinds.Backup, ns.Name, (string)going["metadata"]!["name"]!, """{"metadata": {"finalizers": null} }""");
            }
            catch (RefusedException gone) when (gone.Code == 404)
            {
                // Somebody was faster.
            }
        }

        return backups.Count;
    }

    /// <summary>A scheduled backup that ended well, as its controller would leave it. No set is on the volume, so no Job deletes one: what expires is there until the test frees it.</summary>
    private async Task CompletedAsync(TestNamespace ns, string name)
    {
        var now = Text(TimeProvider.System.GetUtcNow());
        await Bed.Objects.CreateAsync(Kinds.Backup, ns.Name, JsonNode.Parse($$"""
            {
              "metadata": {"name": "{{name}}", "labels": {"{{WireNames.BackupOriginLabel}}": "{{WireNames.BackupOfSchedule}}"}, "annotations": {"{{WireNames.TickAnnotation}}": "2026-01-01T02:00:00Z"} },
              "spec": {"instanceRef": {"name": "{{InstanceBuilder.Nowhere().Name}}"} }
            }
            """)!.AsObject());
        var set = $"{name.Split('-')[1]}t020000z-3f2a9c1b";
        await Bed.Objects.PatchAsync(Kinds.Backup, ns.Name, name, $$"""
            {"status": {"observedGeneration": 1, "phase": "Completed", "reason": "Completed", "finishedAt": "{{now}}", "sizeBytes": 1000, "setId": "{{set}}", "location": {"claim": "home-backups", "path": "home/{{set}}"} } }
            """, "status");
    }

    private Task<IReadOnlyList<JsonObject>> BackupsAsync(TestNamespace ns) => Bed.Objects.ListAsync(Kinds.Backup, ns.Name);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
