using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class ManagedDatabasePlanTests
{
    private readonly InstanceWorld _world = new();

    [Fact]
    public void Without_password_and_volume_a_password_is_made() => Decide(new ManagedDatabaseSpec(), secret: null, claim: null).ShouldBeOfType<ManagedDatabasePlan.GeneratePassword>();

    [Fact]
    public void A_volume_whose_password_is_gone_is_not_given_another_one()
    {
        var outcome = Refused(new ManagedDatabaseSpec(), secret: null, Claim("10Gi"));
        outcome.Reason.ShouldBe(DatabaseReasons.PasswordLost);
        outcome.Message.ShouldContain("fa-postgres-data");
        outcome.Message.ShouldContain("app.kubernetes.io/managed-by=");
    }

    [Theory]
    [InlineData("10Gi", "Bound", "12Gi", "12Gi", true)]
    [InlineData("10Gi", "Pending", "12Gi", "10Gi", false)]
    [InlineData("10Gi", "Bound", "10240Mi", "10Gi", false)]
    public void A_volume_grows_when_it_is_bound(string has, string phase, string wanted, string size, bool grows)
    {
        var serve = Decide(new ManagedDatabaseSpec { Storage = wanted }, Secret(), Claim(has, phase)).ShouldBeOfType<ManagedDatabasePlan.Serve>();
        (serve.Size.ToString(), serve.Grows, serve.Password).ShouldBe((size, grows, "canary"));
        $"{serve}".ShouldNotContain("canary");
    }

    [Fact]
    public void A_new_volume_has_the_size_of_the_spec()
    {
        var serve = Decide(new ManagedDatabaseSpec { Storage = "12Gi" }, Secret(), claim: null).ShouldBeOfType<ManagedDatabasePlan.Serve>();
        (serve.Size.ToString(), serve.Grows).ShouldBe(("12Gi", false));
    }

    [Theory]
    [InlineData("9Gi", null, DatabaseReasons.CannotShrink, "spec.database.managed.storage: a volume can grow but never shrink")]
    [InlineData("10G", null, DatabaseReasons.CannotShrink, "set spec.database.managed.storage to 10Gi or more")]
    [InlineData("10Gi", "fast", DatabaseReasons.Immutable, "spec.database.managed.storageClassName: the storage class of an existing volume cannot be changed")]
    public void What_cannot_be_changed_needs_another_spec(string storage, string? storageClass, string reason, string message)
    {
        var outcome = Refused(new ManagedDatabaseSpec { Storage = storage, StorageClassName = storageClass }, Secret(), Claim("10Gi"));
        (outcome.Reason, ((StepOutcome.Blocked)outcome).NeedsSpecChange).ShouldBe((reason, true));
        outcome.Message.ShouldContain(message);
    }

    [Fact]
    public void A_lost_volume_waits_for_a_person() => Refused(new ManagedDatabaseSpec(), Secret(), Claim("10Gi", "Lost")).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(DatabaseReasons.VolumeLost);

    [Fact]
    public void A_deleted_volume_in_use_warns_and_one_that_nobody_uses_is_waited_for()
    {
        Refused(new ManagedDatabaseSpec(), Secret(), Terminating(Claim("10Gi")), hasPod: true).ShouldBeOfType<StepOutcome.Blocked>().Message.ShouldContain("do not restart the pod");
        Refused(new ManagedDatabaseSpec(), Secret(), Terminating(Claim("10Gi"))).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(CommonReasons.WaitingForDeletion);
    }

    [Fact]
    public void A_password_that_is_being_deleted_is_neither_used_nor_made_again() =>
        Refused(new ManagedDatabaseSpec(), Terminating(Secret()), Claim("10Gi")).Reason.ShouldBe(CommonReasons.WaitingForDeletion);

    [Fact]
    public void A_strangers_Secret_is_not_the_password()
    {
        var outcome = Refused(new ManagedDatabaseSpec(), _world.Secret("fa-postgres", ("password", "theirs")), claim: null);
        outcome.Reason.ShouldBe(CommonReasons.NameConflict);
        outcome.Message.ShouldNotContain("theirs");
    }

    [Theory]
    [InlineData("password", "")]
    [InlineData("pass", "canary")]
    public void A_Secret_without_a_password_is_refused(string key, string value) =>
        Refused(new ManagedDatabaseSpec(), Ours(_world.Secret("fa-postgres", (key, value))), Claim("10Gi")).Reason.ShouldBe(DatabaseReasons.KeyNotFound);

    /// <summary>Image of the spec, image that runs, version that the server said.</summary>
    [Theory]
    [InlineData("pgvector/pgvector:pg18", "pgvector/pgvector:pg17", "17.6", true)]
    [InlineData("pgvector/pgvector:pg16", "pgvector/pgvector:pg17", "17.6", true)]
    [InlineData("pgvector/pgvector:0.8.1-pg17-bookworm", "pgvector/pgvector:pg17", "17.6", false)]
    [InlineData("pgvector/pgvector:pg17", "pgvector/pgvector:pg18", "17.6", false)]
    [InlineData("pgvector/pgvector:pg18", "pgvector/pgvector:pg17", null, false)]
    [InlineData("pgvector/pgvector:pg18", null, "17.6", false)]
    [InlineData("example.com/own:latest", "pgvector/pgvector:pg17", "17.6", false)]
    public void A_server_is_not_replaced_by_one_that_cannot_read_its_volume(string wanted, string? running, string? version, bool refused)
    {
        var plan = ManagedDatabasePlan.Decide("fa", new ManagedDatabaseSpec { Image = wanted }, new ManagedServerPicture("fa-postgres", Secret(), Claim("10Gi"), true, running, version));
        (plan is ManagedDatabasePlan.Refuse { Outcome: StepOutcome.Blocked { Reason: DatabaseReasons.MajorVersionChange, NeedsSpecChange: true } }).ShouldBe(refused);
        (plan is ManagedDatabasePlan.Serve).ShouldBe(!refused);
    }

    [Theory]
    [InlineData("pgvector/pgvector:pg17", 17)]
    [InlineData("pgvector/pgvector:0.8.1-pg16-bookworm", 16)]
    [InlineData("localhost:5000/pgvector:pg17@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 17)]
    [InlineData("example.com/pg15/own:1", null)]
    [InlineData("pgvector/pgvector:latest", null)]
    [InlineData("pgvector/pgvector:pg170", null)]
    [InlineData("pgvector/pgvector@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", null)]
    [InlineData(null, null)]
    public void The_version_in_an_images_tag(string? image, int? major) => ManagedServer.MajorOf(image).ShouldBe(major);

    private static ManagedDatabasePlan Decide(ManagedDatabaseSpec spec, ClusterObject? secret, ClusterObject? claim, bool hasPod = false) =>
        ManagedDatabasePlan.Decide("fa", spec, new ManagedServerPicture("fa-postgres", secret, claim, hasPod, null, null));

    private static StepOutcome Refused(ManagedDatabaseSpec spec, ClusterObject? secret, ClusterObject? claim, bool hasPod = false) =>
        Decide(spec, secret, claim, hasPod).ShouldBeOfType<ManagedDatabasePlan.Refuse>().Outcome;

    private ClusterObject Secret() => Ours(_world.Secret("fa-postgres", ("password", "canary")));

    private ClusterObject Claim(string size, string phase = "Bound") => _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, $$"""
        {"metadata": {"name": "fa-postgres-data", "namespace": "home"},
         "spec": {"storageClassName": "standard", "resources": {"requests": {"storage": "{{size}}"} } }, "status": {"phase": "{{phase}}"} }
        """);

    private ClusterObject Ours(ClusterObject source) => _world.Cluster.Edit(source.Type, source.Key, InstanceWorld.OurLabels);

    private ClusterObject Terminating(ClusterObject source) =>
        _world.Cluster.Edit(source.Type, source.Key, """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z", "finalizers": ["kubernetes.io/pvc-protection"]} }""");
}
