using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

/// <summary>A server without CEL lets in a change between a managed and an external database; the data would stay behind.</summary>
public sealed class DatabaseKindTests
{
    private const string Managed = """{"managed": {}}""";
    private const string External = """{"external": {"host": "postgres.example.com", "name": "mlbot", "credentialsSecretRef": {"name": "db"}}}""";
    private static readonly DatabaseTarget ManagedTarget = DatabasePlan.Managed("home", "fa", "secret");
    private static readonly DatabaseTarget ExternalTarget = new("postgres.example.com", 5432, "mlbot", "alice", "se@cr/et", SslMode.Prefer);

    [Fact]
    public void A_new_instance_may_have_either()
    {
        Changed(Managed, null).ShouldBeNull();
        Changed(External, null).ShouldBeNull();
    }

    [Fact]
    public void An_instance_keeps_the_kind_that_it_has()
    {
        Changed(Managed, ManagedTarget).ShouldBeNull();
        Changed(External, ExternalTarget).ShouldBeNull();
    }

    [Fact]
    public void Another_external_database_is_no_other_kind() =>
        Changed("""{"external": {"host": "other.example.com", "name": "mlbot", "credentialsSecretRef": {"name": "db"}}}""", ExternalTarget).ShouldBeNull();

    [Theory]
    [InlineData(External, true)]
    [InlineData(Managed, false)]
    public void A_change_is_refused_in_the_words_of_the_rule(string spec, bool wasManaged)
    {
        var refusal = Changed(spec, wasManaged ? ManagedTarget : ExternalTarget).ShouldBeOfType<StepOutcome.Blocked>();
        refusal.NeedsSpecChange.ShouldBeTrue();
        refusal.Message.ShouldStartWith("spec.database: a database cannot change between external and managed");
    }

    [Fact]
    public void A_running_server_tells_as_well_when_the_secret_is_gone()
    {
        var world = World(External);
        Own(world, world.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa-postgres", "namespace": "home"} }"""));
        DatabaseKind.Changed(world.Pass()).ShouldNotBeNull();
    }

    [Fact]
    public void What_an_earlier_instance_of_the_name_left_behind_says_nothing()
    {
        var world = World(External);
        world.Secret("fa-database", ("DATABASE_URL", DatabaseUrl.Of(ManagedTarget)));
        world.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa-postgres", "namespace": "home"} }""");
        DatabaseKind.Changed(world.Pass()).ShouldBeNull();
    }

    [Fact]
    public void The_database_of_a_managed_server_is_its_instances_own_however_young_that_is()
    {
        var world = World("""{"external": {"host": "fb-postgres", "port": 5432, "name": "family_assistant", "credentialsSecretRef": {"name": "db"}}}""");
        var other = world.Cluster.Put(Kinds.Instance, """{"metadata": {"name": "fb", "namespace": "home", "creationTimestamp": "2099-01-01T00:00:00Z"}, "spec": {"image": "a:1", "database": {"managed": {} } } }""");
        var source = world.Pass().Source;
        var claims = new DatabaseClaims();
        claims.HolderBefore(source, [source, other])!.Name.ShouldBe("fb");
        claims.HolderBefore(other, [source, other]).ShouldBeNull("a managed database is never refused to its own instance");
    }

    private static StepOutcome? Changed(string database, DatabaseTarget? handedOut)
    {
        var world = World(database);
        if (handedOut is not null)
        {
            Own(world, world.Secret("fa-database", ("DATABASE_URL", DatabaseUrl.Of(handedOut))));
        }

        return DatabaseKind.Changed(world.Pass());
    }

    private static InstanceWorld World(string database)
    {
        var world = new InstanceWorld(edits: ("database", database));
        world.Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"} }""");
        return world;
    }

    private static void Own(InstanceWorld world, ClusterObject child)
    {
        var owner = world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Uid;
        world.Cluster.Edit(child.Type, child.Key, $$"""{"metadata": {"ownerReferences": [{"uid": "{{owner}}", "controller": true}]} }""");
    }
}
