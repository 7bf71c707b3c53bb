using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Prometheus;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>The step in a small cluster: it is noon of 23 November 2026, the schedule is at 02:00.</summary>
public sealed class BackupsStepTests
{
    private const string Policy = """{"schedule": "0 2 * * *", "retention": {"keepLast": 2, "daily": 0, "weekly": 0, "monthly": 0}}""";
    private static readonly ObjectKey Claim = InstanceWorld.Key("fa-backups");
    private readonly InstanceWorld _world = new();
    private readonly BackupsStep _step;

    public BackupsStepTests() => _step = new BackupsStep(_world.Cluster, _world.Events, new BackupMetrics(Metrics.NewCustomRegistry()));

    [Fact]
    public async Task Without_a_policy_nothing_is_made_and_that_is_said()
    {
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(BackupsReasons.NotConfigured);
        _world.Cluster.Requests.ShouldBeEmpty();
        Status.ShouldBeNull();
    }

    [Fact]
    public async Task The_claim_outlives_the_instance_and_a_settled_instance_causes_no_request()
    {
        Configure();
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(BackupsReasons.NoBackupYet);
        _world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!["metadata"]!["ownerReferences"].ShouldBeNull();
        Status!.NextScheduled.ShouldBe("2026-11-24T02:00:00Z");
        _world.Cluster.Requests.Clear();

        var before = Json(Status);
        (await RunAsync()).LookAgain.ShouldBe(TimeSpan.FromMinutes(15));
        _world.Cluster.Requests.ShouldBeEmpty();
        Json(Status).ShouldBe(before);
    }

    [Fact]
    public async Task A_tick_makes_its_backup_which_tells_what_was_asked_for()
    {
        await BeginAsync();
        _world.Time.Advance(TimeSpan.FromHours(14));
        await RunAsync();

        var backup = _world.Cluster.LookJson(Kinds.Backup, InstanceWorld.Key("fa-20261124-0200"))!;
        backup["metadata"]!["labels"]![WireNames.BackupOriginLabel]!.GetValue<string>().ShouldBe("schedule");
        backup["metadata"]!["labels"]![WireNames.InstanceLabel]!.GetValue<string>().ShouldBe("fa");
        backup["metadata"]!["annotations"]![WireNames.TickAnnotation]!.GetValue<string>().ShouldBe("2026-11-24T02:00:00Z");
        backup["metadata"]!["ownerReferences"].ShouldBeNull();
        backup["spec"]!.ToJsonString().ShouldBe("""{"instanceRef":{"name":"fa"},"include":["Database","Files","Configuration"],"verify":"Read","deletionPolicy":"Retain","deadline":"6h"}""");
        Status!.LastScheduled.ShouldBe("2026-11-24T02:00:00Z");
        _world.Cluster.Requests.Clear();
        await RunAsync();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_backup_that_was_made_before_a_crash_is_taken_for_the_ticks()
    {
        await BeginAsync();
        _world.Time.Advance(TimeSpan.FromHours(14));
        await RunAsync(write: false);
        _world.Cluster.HiddenFromCache.Add(InstanceWorld.Key("fa-20261124-0200"));
        await RunAsync();
        Backups.ShouldBe(["fa-20261124-0200"]);
        Status!.LastScheduled.ShouldBe("2026-11-24T02:00:00Z");
        Status.Missed.ShouldBeNull();
        _world.Events.Reasons.ShouldNotContain(EventReasons.BackupMissed);
    }

    [Fact]
    public async Task A_late_cache_of_the_instance_counts_nothing_twice()
    {
        await BeginAsync();
        var stale = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        _world.Time.Advance(TimeSpan.FromHours(14 + 48));
        await RunAsync();
        Status!.Missed!.Count.ShouldBe(2);
        _world.Cluster.StaleInCache[InstanceWorld.Key("fa")] = stale;
        _world.Cluster.Drop(Kinds.Backup, InstanceWorld.Key("fa-20261126-0200"));
        await RunAsync();
        Status!.Missed!.Count.ShouldBe(2);
        Backups.ShouldBeEmpty("the tick is recorded, although its object is gone");
    }

    [Fact]
    public async Task Somebody_elses_object_of_that_name_is_left_alone_and_the_tick_is_missed()
    {
        await BeginAsync();
        _world.Cluster.Put(Kinds.Backup, """{"metadata": {"name": "fa-20261124-0200", "namespace": "home"}, "spec": {"instanceRef": {"name": "fa"} }, "status": {"phase": "Completed", "finishedAt": "2026-11-23T13:00:00Z"} }""");
        _world.Time.Advance(TimeSpan.FromHours(14));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.TickTaken);
        Status!.Missed.ShouldBe(new MissedTicks { Count = 1, Last = "2026-11-24T02:00:00Z" });
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.Healthy);
    }

    [Fact]
    public async Task A_paused_instance_gets_no_backup_and_catches_up_afterwards()
    {
        await BeginAsync();
        _world.Annotate(WireNames.PausedAnnotation);
        _world.Time.Advance(TimeSpan.FromHours(14 + 24));
        _world.Cluster.Requests.Clear();
        await RunAsync();
        _world.Cluster.Writes.ShouldBeEmpty();
        _world.Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"metadata": {"annotations": {"{{{WireNames.PausedAnnotation}}}": null} } }""");
        await RunAsync();
        Backups.ShouldBe(["fa-20261125-0200"]);
        Status!.Missed!.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_expired_set_is_marked_with_its_reason_and_deleted_and_the_next_one_waits_for_it()
    {
        await BeginAsync();
        Completed(20, 21, 22, 23);
        await RunAsync();

        var marked = _world.Cluster.LookJson(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"))!["metadata"]!;
        marked["annotations"]![WireNames.ExpiredAnnotation]!.GetValue<string>().ShouldStartWith("in no generation");
        marked["finalizers"]!.AsArray().Select(name => (string?)name).ShouldBe([WireNames.BackupFinalizer]);
        marked["deletionTimestamp"].ShouldNotBeNull();
        Backups.Count.ShouldBe(4, "the files go first");
        _world.Cluster.Requests.Clear();
        await RunAsync();
        _world.Cluster.Requests.ShouldBeEmpty();

        _world.Cluster.Drop(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"));
        await RunAsync();
        _world.Cluster.Writes.Count(request => request.StartsWith("delete", StringComparison.Ordinal)).ShouldBe(1);
        _world.Cluster.Writes.ShouldContain("delete FamilyAssistantBackup home/fa-20261121-0200");
    }

    [Fact]
    public async Task A_mark_of_an_earlier_leader_is_acted_on_or_taken_back()
    {
        await BeginAsync();
        Completed(20, 22, 23);
        _world.Cluster.Fail = request => request.StartsWith("delete", StringComparison.Ordinal) ? new InvalidOperationException("the process ended") : null;
        await Should.ThrowAsync<InvalidOperationException>(() => RunAsync());
        _world.Cluster.Fail = _ => null;

        _world.Cluster.Edit(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"), $$$"""{"metadata": {"annotations": {"{{{WireNames.KeepAnnotation}}}": "true"} } }""");
        await RunAsync();
        _world.Cluster.Look(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"))!.Annotations.ContainsKey(WireNames.ExpiredAnnotation).ShouldBeFalse();

        _world.Cluster.Edit(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"), $$$"""{"metadata": {"annotations": {"{{{WireNames.KeepAnnotation}}}": null, "{{{WireNames.ExpiredAnnotation}}}": "old"} } }""");
        await RunAsync();
        _world.Cluster.Look(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"))!.IsTerminating.ShouldBeTrue();
    }

    [Fact]
    public async Task What_the_live_look_keeps_stays_although_the_cache_would_let_it_go()
    {
        await BeginAsync();
        Completed(20, 22, 23);
        _world.Cluster.Put(Kinds.Restore, """{"metadata": {"name": "back", "namespace": "home"}, "spec": {"instanceRef": {"name": "other"}, "source": {"backupRef": {"name": "fa-20261120-0200"} } } }""");
        await RunAsync();
        _world.Cluster.Look(Kinds.Backup, InstanceWorld.Key("fa-20261120-0200"))!.IsTerminating.ShouldBeFalse();
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_would_go_next_stands_in_the_status()
    {
        await BeginAsync();
        Completed(22, 23);
        await RunAsync();
        Status!.NextToExpire.ShouldBe(["fa-20261122-0200"]);
        (Status.Sets, Status.SizeBytes, Status.LastSuccessful).ShouldBe((2, 2000, "2026-11-23T02:05:00Z"));
    }

    [Fact]
    public async Task A_schedule_of_test_restores_counts_from_when_it_came_in()
    {
        await BeginAsync();
        Completed(20, 21, 22, 23);
        _world.EditSpec(("backup.verification", """{"schedule": "0 5 * * *"}"""));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.Healthy);
        (Status!.VerificationSchedule, Status.VerificationSince).ShouldBe(("0 5 * * * Etc/UTC", "2026-11-23T12:00:00Z"));

        _world.Time.Advance(TimeSpan.FromHours(18));
        await RunAsync();
        Status!.VerificationSince.ShouldBe("2026-11-23T12:00:00Z");
        _world.Time.Advance(TimeSpan.FromHours(24));
        await RunAsync();
        _world.EditSpec(("backup.schedule", "null"));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.VerificationOutdated);
        _world.EditSpec(("backup.verification", "null"));
        await RunAsync();
        Status!.VerificationSince.ShouldBeNull();
    }

    [Fact]
    public async Task A_change_for_the_worse_and_back_is_told_once_each()
    {
        Configure(("backup.encryption", """{"passphraseSecretRef": {"name": "phrase"}}"""), ("backup.include", """["Database", "Secrets"]"""));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.PassphraseNotFound);
        await RunAsync();
        _world.Secret("phrase", ("passphrase", "correct horse battery staple"));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.NoBackupYet);
        await RunAsync();
        _world.Events.Reasons.Count(reason => reason == EventReasons.BackupsUnhealthy).ShouldBe(1);
        _world.Events.Reasons.Count(reason => reason == EventReasons.BackupsRecovered).ShouldBe(1);
    }

    [Theory]
    [InlineData("backup.schedule", "\"0 0 31 2 *\"", BackupsReasons.ScheduleNeverFires)]
    [InlineData("backup.verification", """{"schedule": "*/30 * * * *"}""", BackupsReasons.ScheduleTooOften)]
    [InlineData("backup.timeZone", "\"Mars/Olympus\"", BackupsReasons.UnknownTimeZone)]
    [InlineData("backup.volume", """{"existingClaim": "mine"}""", BackupsReasons.ClaimNotFound)]
    public async Task What_cannot_be_done_is_told_with_its_field(string path, string json, string reason)
    {
        Configure((path, json));
        var outcome = await RunAsync();
        outcome.ShouldBeOfType<StepOutcome.Degraded>().Reason.ShouldBe(reason);
        outcome.Message.ShouldStartWith("spec.backup.");
    }

    [Fact]
    public async Task The_claim_grows_and_never_shrinks_and_somebody_elses_is_used_as_it_is()
    {
        await BeginAsync();
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, """{"status": {"phase": "Bound"}}""");
        _world.EditSpec(("backup.volume", """{"size": "80Gi"}"""));
        await RunAsync();
        _world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!["spec"]!["resources"]!["requests"]!["storage"]!.GetValue<string>().ShouldBe("80Gi");
        _world.EditSpec(("backup.volume", """{"size": "60Gi"}"""));
        (await RunAsync()).Reason.ShouldBe(BackupsReasons.CannotShrink);
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}, "status": {"phase": "Bound"} }""");
        _world.EditSpec(("backup.volume", """{"existingClaim": "mine"}"""));
        _world.Cluster.Requests.Clear();
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    private BackupPolicyStatus? Status => _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Read(ApiJsonContext.Default.FamilyAssistantInstance).Status?.Backup;

    private List<string> Backups => [.. _world.Cluster.All(Kinds.Backup, "home").Select(backup => backup.Key.Name).Order(StringComparer.Ordinal)];

    private static string Json(BackupPolicyStatus? status) => JsonSerializer.Serialize(new InstanceStatus { Backup = status }, ApiJsonContext.Default.InstanceStatus);

    private void Configure(params (string Path, string Json)[] edits) => _world.EditSpec([("backup", Policy), .. edits]);

    private async Task BeginAsync()
    {
        Configure();
        await RunAsync();
        _world.Cluster.Requests.Clear();
    }

    /// <summary>Scheduled sets of these days of November.</summary>
    private void Completed(params int[] days)
    {
        foreach (var day in days)
        {
            var tick = $"2026-11-{day}T02:00:00Z";
            var backup = JsonNode.Parse(BackupsManifest.Backup(InstanceWorld.Key("fa"), new BackupPolicySpec(), BackupScheduleTests.At(tick)).Json.Span)!.AsObject();
            backup["metadata"]!["creationTimestamp"] = tick;
            backup["status"] = JsonNode.Parse($$"""{"phase": "Completed", "finishedAt": "2026-11-{{day}}T02:05:00Z", "sizeBytes": 1000}""");
            _world.Cluster.Put(Kinds.Backup, backup);
        }
    }

    /// <summary>One pass, with the status that the projector would write.</summary>
    private async Task<StepOutcome> RunAsync(bool write = true)
    {
        var pass = _world.Pass();
        var outcome = await _step.ExecuteAsync(pass, TestContext.Current.CancellationToken);
        if (write)
        {
            var status = StatusProjector.Project(pass.Instance.Status, pass.Source.Generation, [new StepReport(_step.Condition, outcome)], pass.Now, pass.Paused);
            var instance = _world.Cluster.LookJson(Kinds.Instance, InstanceWorld.Key("fa"))!;
            instance["status"] = JsonSerializer.SerializeToNode(status, ApiJsonContext.Default.InstanceStatus);
            _world.Cluster.StaleInCache.Remove(InstanceWorld.Key("fa"));
            _world.Cluster.Put(Kinds.Instance, instance);
        }

        return outcome;
    }
}
