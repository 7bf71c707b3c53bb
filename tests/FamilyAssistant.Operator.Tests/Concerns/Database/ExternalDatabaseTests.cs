using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class ExternalDatabaseTests : IDisposable
{
    private const string Url = "postgresql+asyncpg://alice:canary@postgres.example.com:5432/mlbot?ssl=prefer";
    private static readonly ObjectKey Handed = InstanceWorld.Key("fa-database");
    private readonly DatabaseWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task Hands_out_the_URL_once_and_then_writes_nothing()
    {
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(DatabaseReasons.Available);
        _world.Url().ShouldBe(Url);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        Cluster.Requests.ShouldBe(["apply Secret home/fa-database"]);
        Cluster.LookJson(ResourceTypes.Secret, Handed)!["metadata"]!["ownerReferences"]![0]!["name"]!.GetValue<string>().ShouldBe("fa", "it goes with the instance");
    }

    [Fact]
    public async Task Reports_version_and_revision()
    {
        Report(await _world.RunAsync()).ShouldBe(new DatabaseStatus { ServerVersion = "17.6", Revision = "6daf0237b0ba" });
        _world.Monitor.Seen = DatabaseWorld.Available with { Revisions = null };
        Report(await _world.RunAsync()).ShouldBe(new DatabaseStatus { ServerVersion = "17.6" });
        _world.Monitor.Seen = DatabaseWorld.Available with { Revisions = ["a", "b"], Vector = VectorSupport.Unavailable };
        Report(await _world.RunAsync()).ShouldBe(new DatabaseStatus { ServerVersion = "17.6", Revision = "a,b" }, "also when something else is wrong");
    }

    [Fact]
    public async Task A_conflicting_schema_with_long_names_stays_within_the_bound_of_the_status()
    {
        _world.Monitor.Seen = DatabaseWorld.Available with { Revisions = [.. Enumerable.Range(0, 8).Select(index => new string((char)('a' + index), 64))] };
        Report(await _world.RunAsync())!.Revision!.Length.ShouldBe(256);
    }

    [Fact]
    public async Task A_look_that_is_under_way_is_no_report()
    {
        _world.Monitor.Seen = null;
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Progressing>();
        (outcome.Reason, outcome.Report).ShouldBe((DatabaseReasons.Connecting, null));
        _world.Url().ShouldBe(Url, "the application may be faster than the operator");
    }

    [Fact]
    public async Task A_changed_password_reaches_the_application_and_the_look()
    {
        await _world.RunAsync();
        _world.World.Secret("db", ("username", "alice"), ("password", "ca na+ry@/:"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Url().ShouldBe("postgresql+asyncpg://alice:ca%20na%2Bry%40%2F%3A@postgres.example.com:5432/mlbot?ssl=prefer");
        _world.Monitor.Targets[^1].Password.ShouldBe("ca na+ry@/:");
    }

    [Theory]
    [InlineData("password", "", DatabaseReasons.InvalidCredentials)]
    [InlineData("password", "canary\n", DatabaseReasons.InvalidCredentials)]
    [InlineData("other", "canary", DatabaseReasons.KeyNotFound)]
    public async Task Credentials_that_cannot_be_right_leave_the_application_what_it_has(string key, string value, string reason)
    {
        await _world.RunAsync();
        Cluster.Requests.Clear();
        _world.World.Secret("db", ("username", "alice"), (key, value));
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        (outcome.Reason, outcome.NeedsSpecChange).ShouldBe((reason, false));
        outcome.Message.ShouldContain("spec.database.external.credentialsSecretRef.passwordKey");
        outcome.Message.ShouldNotContain("canary");
        Cluster.Requests.ShouldBeEmpty();
        _world.Url().ShouldBe(Url);
        _world.Monitor.Forgotten.ShouldBe([InstanceWorld.Key("fa")], "a look with the old password would say nothing about the new one");
    }

    [Fact]
    public async Task Recovers_when_the_Secret_appears()
    {
        Cluster.Drop(ResourceTypes.Secret, InstanceWorld.Key("db"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(DatabaseReasons.SecretNotFound);
        _world.Monitor.Targets.ShouldBeEmpty();
        _world.World.Secret("db", ("username", "alice"), ("password", "canary"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task A_Secret_of_which_only_the_name_is_known_is_not_taken_for_an_empty_one()
    {
        var key = InstanceWorld.Key("db");
        Cluster.StaleInCache[key] = Cluster.Look(ResourceTypes.Secret, key)! with { Json = default };
        await Should.ThrowAsync<InvalidOperationException>(_world.RunAsync);
        Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_Secret_of_that_name_is_neither_changed_nor_used()
    {
        _world.World.Secret("fa-database", ("DATABASE_URL", "postgresql://theirs"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Url().ShouldBe("postgresql://theirs");
        _world.Monitor.Targets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Paused_looks_and_reports_and_writes_nothing()
    {
        _world.World.Annotate(WireNames.PausedAnnotation);
        Report(await _world.RunAsync()).ShouldNotBeNull();
        Cluster.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"managed": {}, "external": {"host": "a.example.com", "name": "b", "credentialsSecretRef": {"name": "db"}}}""")]
    public async Task A_server_without_rules_may_let_in_none_or_two_databases(string database)
    {
        _world.World.EditSpec(("database", database));
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        (outcome.Reason, outcome.NeedsSpecChange).ShouldBe((CommonReasons.InvalidSpec, true));
        Cluster.Requests.ShouldBeEmpty();
    }

    /// <summary>The application migrates the schema when it starts: the revision in the status follows.</summary>
    [Fact]
    public async Task A_restarted_application_is_a_reason_to_look_again()
    {
        await _world.RunAsync();
        var pod = Pods.Put(_world.World, Pods.Ready);
        await _world.RunAsync();
        Cluster.Edit(ResourceTypes.Pod, pod.Key, """{"status": {"containerStatuses": [{"name": "family-assistant", "ready": true, "restartCount": 1}]} }""");
        await _world.RunAsync();
        await _world.RunAsync();
        _world.Monitor.Targets.Select(target => target.Incarnation).ShouldBe(["", $"{pod.Uid}:0", $"{pod.Uid}:1", $"{pod.Uid}:1"]);
    }

    [Fact]
    public async Task Another_instance_that_had_the_database_first_keeps_it_and_this_one_waits()
    {
        Cluster.Put(Kinds.Instance, $$"""{"metadata": {"name": "elder", "namespace": "home", "creationTimestamp": "2026-01-01T00:00:00Z"}, "spec": {{InstanceWorld.Minimal}}}""");
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(DatabaseReasons.InUse);
        outcome.Message.ShouldContain("elder");
        Cluster.Writes.ShouldBeEmpty();
        _world.Monitor.Targets.ShouldBeEmpty();

        _world.World.Time.Advance(TimeSpan.FromSeconds(15));
        _world.Work.Asked.ShouldBe([InstanceWorld.Key("fa")]);
        Cluster.Drop(Kinds.Instance, InstanceWorld.Key("elder"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.World.Time.Advance(TimeSpan.FromMinutes(5));
        _world.Work.Asked.Count.ShouldBe(1, "who does not wait is not woken");
    }

    public void Dispose() => _world.Dispose();

    private static DatabaseStatus? Report(StepOutcome outcome) => outcome.Report!(new InstanceStatus()).Database;
}
