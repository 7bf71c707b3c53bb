using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Secrets;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Secrets;

public sealed class SecretsStepTests
{
    private static readonly ObjectKey Generated = InstanceWorld.Key("fa-generated");
    private readonly InstanceWorld _world = new();
    private readonly SecretsStep _step;

    public SecretsStepTests()
    {
        _step = new SecretsStep(_world.Cluster, _world.Events);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token));
    }

    [Fact]
    public async Task Makes_the_generated_keys_once_and_then_writes_nothing()
    {
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        var first = _world.Cluster.LookJson(ResourceTypes.Secret, Generated)!["data"]!.ToJsonString();
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.LookJson(ResourceTypes.Secret, Generated)!["data"]!.ToJsonString().ShouldBe(first);
        _world.Cluster.Requests.ShouldBe(["create Secret home/fa-generated"]);
        _world.Events.Reasons.ShouldBe(["KeysGenerated"]);
    }

    [Fact]
    public async Task The_generated_keys_have_the_form_that_the_application_expects()
    {
        await RunAsync();
        var data = _world.Cluster.Look(ResourceTypes.Secret, Generated)!.Read<V1Secret>().Data;
        data.Keys.ShouldBe(GeneratedKeys.All, ignoreOrder: true);
        data[GeneratedKeys.SessionSecret].Length.ShouldBe(64);
        data[GeneratedKeys.VapidPrivate].Length.ShouldBe(43);
        data[GeneratedKeys.VapidPublic].Length.ShouldBe(87);
        VapidKey.PublicOf(data[GeneratedKeys.VapidPrivate]).ShouldBe(System.Text.Encoding.ASCII.GetString(data[GeneratedKeys.VapidPublic]));
    }

    [Fact]
    public async Task The_generated_keys_outlive_the_instance()
    {
        await RunAsync();
        var secret = _world.Cluster.LookJson(ResourceTypes.Secret, Generated)!;
        secret["metadata"]!["ownerReferences"].ShouldBeNull();
        secret["metadata"]!["labels"]![WireNames.InstanceLabel]!.GetValue<string>().ShouldBe("fa");
    }

    [Fact]
    public async Task A_late_cache_does_not_make_new_keys()
    {
        _world.Generated();
        _world.Cluster.HiddenFromCache.Add(Generated);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.LookJson(ResourceTypes.Secret, Generated)!["data"]!["SESSION_SECRET_KEY"]!.GetValue<string>().ShouldBe("NWU1NQ==");
    }

    [Fact]
    public async Task A_missing_generated_key_is_never_made_again()
    {
        _world.Generated();
        _world.Cluster.Edit(ResourceTypes.Secret, Generated, """{"data": {"VAPID_PRIVATE_KEY": null}}""");
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(SecretsReasons.GeneratedKeyMissing);
        outcome.Message.ShouldContain("VAPID_PRIVATE_KEY");
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_Secret_of_that_name_is_not_touched()
    {
        _world.Secret("fa-generated", ("SESSION_SECRET_KEY", "theirs"));
        (await RunAsync()).Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Paused_makes_nothing_and_says_so()
    {
        _world.Annotate(WireNames.PausedAnnotation);
        (await RunAsync()).Reason.ShouldBe(CommonReasons.Paused);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_the_public_id_of_the_bot_also_when_something_else_is_wrong()
    {
        _world.EditSpec(("configRef", """{"name": "config"}"""));
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(SecretsReasons.ConfigMapNotFound);
        outcome.Report!(new InstanceStatus()).Telegram!.BotId.ShouldBe("123456");
    }

    [Fact]
    public async Task Recovers_when_the_Secret_appears()
    {
        _world.Cluster.Drop(ResourceTypes.Secret, InstanceWorld.Key("keys"));
        (await RunAsync()).Reason.ShouldBe(SecretsReasons.SecretNotFound);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task A_Secret_of_which_only_the_name_is_known_is_not_taken_for_an_empty_one()
    {
        _world.Cluster.StaleInCache[InstanceWorld.Key("keys")] = _world.Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key("keys"))! with { Json = default };
        await Should.ThrowAsync<InvalidOperationException>(RunAsync);
    }

    [Fact]
    public async Task A_failed_create_is_the_runners_to_classify()
    {
        _world.Cluster.Fail = request => request.StartsWith("create", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.InternalServerError, "etcd") : null;
        await Should.ThrowAsync<ClusterApiException>(RunAsync);
    }

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
