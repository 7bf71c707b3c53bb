using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class DatabaseClaimsTests
{
    private readonly FakeCluster _cluster = new();
    private readonly DatabaseClaims _claims = new();

    [Fact]
    public void The_oldest_instance_keeps_the_database_whoever_is_asked()
    {
        var second = Put("second", "2026-01-02");
        var first = Put("first", "2026-01-01");
        var third = Put("third", "2026-01-03");
        HolderBefore(first).ShouldBeNull();
        HolderBefore(second).ShouldBe("first");
        HolderBefore(third).ShouldBe("first");
    }

    [Fact]
    public void Instances_of_the_same_second_agree_on_one_of_them()
    {
        var one = Put("one", "2026-01-01", uid: "a");
        var two = Put("two", "2026-01-01", uid: "b");
        HolderBefore(one).ShouldBeNull();
        HolderBefore(two).ShouldBe("one");
    }

    [Fact]
    public void An_instance_that_is_being_deleted_counts_until_it_is_gone()
    {
        Put("first", "2026-01-01", extra: ", \"deletionTimestamp\": \"2026-01-05T00:00:00Z\", \"finalizers\": [\"example.com/wait\"]");
        var second = Put("second", "2026-01-02");
        HolderBefore(second).ShouldBe("first");
        _cluster.Drop(Kinds.Instance, new ObjectKey("home", "first"));
        HolderBefore(second).ShouldBeNull();
    }

    [Theory]
    [InlineData("db", 5432, "mlbot", true)]
    [InlineData("db.home.svc", 5432, "mlbot", true)]
    [InlineData("db.home.svc.cluster.local", 5432, "mlbot", true)]
    [InlineData("DB.home.svc", 5432, "mlbot", true)]
    [InlineData("db.away.svc", 5432, "mlbot", false)]
    [InlineData("db", 5433, "mlbot", false)]
    [InlineData("db", 5432, "other", false)]
    public void The_spellings_of_a_Service_are_one_name(string host, int port, string database, bool same)
    {
        Put("first", "2026-01-01", host: "db");
        HolderBefore(Put("second", "2026-01-02", host: host, port: port, database: database)).ShouldBe(same ? "first" : null);
    }

    [Fact]
    public void A_name_without_a_dot_is_a_Service_of_its_own_namespace()
    {
        Put("first", "2026-01-01", host: "db", @namespace: "away");
        HolderBefore(Put("second", "2026-01-02", host: "db")).ShouldBeNull();
    }

    [Fact]
    public void One_unreadable_instance_does_not_stop_the_others_and_holds_nothing()
    {
        _cluster.Put(Kinds.Instance, """{"metadata": {"name": "broken", "namespace": "home"}, "spec": {"database": {"external": {"host": "postgres.example.com", "port": "many"} } } }""");
        HolderBefore(Put("second", "2026-01-02")).ShouldBeNull();
    }

    [Fact]
    public void An_edit_moves_the_claim_at_once()
    {
        var first = Put("first", "2026-01-01");
        var second = Put("second", "2026-01-02");
        HolderBefore(second).ShouldBe("first");
        _cluster.Edit(Kinds.Instance, first.Key, """{"spec": {"database": {"external": {"name": "other"} } } }""");
        HolderBefore(second).ShouldBeNull();
    }

    [Theory]
    [InlineData("home", "instance elder")]
    [InlineData("away", "an instance of another namespace")]
    public void Only_a_holder_of_the_same_namespace_is_named(string @namespace, string named)
    {
        var spec = new ExternalDatabaseSpec { Host = "db", Name = "mlbot", CredentialsSecretRef = new CredentialsReference { Name = "s" } };
        var outcome = DatabasePlan.Decide(
            new ObjectIdentity("home", "fa", "2", DateTime.UnixEpoch),
            spec,
            new DatabaseCredentials.Valid("alice", "canary"),
            new ObjectIdentity(@namespace, "elder", "1", DateTime.UnixEpoch)).ShouldBeOfType<DatabasePlan.Refuse>().Outcome;
        outcome.Reason.ShouldBe(DatabaseReasons.InUse);
        outcome.Message.ShouldContain(named);
        (@namespace == "home").ShouldBe(outcome.Message.Contains("elder", StringComparison.Ordinal));
        outcome.Message.ShouldContain("spec.database.external");
    }

    [Fact]
    public void The_plan_connects_to_what_the_spec_names_with_what_the_Secret_holds()
    {
        var spec = new ExternalDatabaseSpec { Host = "db", Port = 5433, Name = "mlbot", SslMode = SslMode.Require, CredentialsSecretRef = new CredentialsReference { Name = "s" } };
        var target = DatabasePlan.Decide(new ObjectIdentity("home", "fa", "1", DateTime.UnixEpoch), spec, new DatabaseCredentials.Valid("alice", "p"), null).ShouldBeOfType<DatabasePlan.Connect>().Target;
        target.ShouldBe(new("db", 5433, "mlbot", "alice", "p", SslMode.Require));
    }

    private string? HolderBefore(ClusterObject instance) => _claims.HolderBefore(instance, _cluster[Kinds.Instance].List(""))?.Name;

    private ClusterObject Put(
        string name, string created, string host = "postgres.example.com", int port = 5432, string database = "mlbot", string @namespace = "home", string? uid = null, string extra = "") =>
        _cluster.Put(Kinds.Instance, $$"""
            {"metadata": {"name": "{{name}}", "namespace": "{{@namespace}}", "uid": "{{uid ?? name}}", "creationTimestamp": "{{created}}T00:00:00Z"{{extra}} },
             "spec": {"image": "a:1", "database": {"external": {"host": "{{host}}", "port": {{port}}, "name": "{{database}}", "credentialsSecretRef": {"name": "s"} } } } }
            """);
}
