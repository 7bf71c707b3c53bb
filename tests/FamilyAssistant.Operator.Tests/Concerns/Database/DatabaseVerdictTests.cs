using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class DatabaseVerdictTests
{
    private const string Fact = "This is so.";
    private static readonly DatabaseTarget Target = new("db.example.com", 5432, "mlbot", "alice", "canary", SslMode.Prefer);
    private static readonly DatabaseSpec Managed = new() { Managed = new ManagedDatabaseSpec() };
    private static readonly DatabaseSpec External = new()
    {
        External = new ExternalDatabaseSpec { Host = "db.example.com", Name = "mlbot", CredentialsSecretRef = new CredentialsReference { Name = "creds", UsernameKey = "u", PasswordKey = "p" } },
    };

    /// <summary>Failure, what to do about an external database and about a managed one.</summary>
    public static TheoryData<string, string, string> Remedies => new()
    {
        { DatabaseFailures.Unreachable, "spec.database.external.host", "network policies" },
        { DatabaseFailures.AuthenticationFailed, "keys u and p of Secret creds", "ALTER ROLE" },
        { DatabaseFailures.NotFound, "spec.database.external.name", "empty volume" },
        { DatabaseFailures.TlsRequired, "sslMode to Require", "log of the server's pod" },
        { DatabaseFailures.TlsUnavailable, "sslMode to Disable", "log of the server's pod" },
        { DatabaseFailures.HostNotAllowed, "spec.database.external.host", "log of the server's pod" },
        { DatabaseFailures.ServerTooOld, "Upgrade the server", "spec.database.managed.image" },
    };

    [Theory]
    [MemberData(nameof(Remedies))]
    public void Every_failure_says_what_is_so_and_what_to_do(string reason, string external, string managed)
    {
        foreach (var (spec, remedy) in new[] { (External, external), (Managed, managed) })
        {
            var outcome = DatabaseVerdict.Of(new DatabaseObservation.Failed(reason, Fact), Target, spec);
            outcome.Reason.ShouldBe(reason);
            outcome.Message.ShouldStartWith(Fact + " ");
            outcome.Message.ShouldContain(remedy);
            (outcome is StepOutcome.Progressing).ShouldBe(reason == DatabaseFailures.Unreachable, "only an outage passes by itself");
            (outcome as StepOutcome.Blocked)?.NeedsSpecChange.ShouldBeFalse("the server can be mended as well");
        }
    }

    [Fact]
    public void Every_failure_has_a_row() =>
        Remedies.Select(row => row.Data.Item1).ShouldBe(typeof(DatabaseFailures).GetFields().Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);

    [Theory]
    [InlineData(nameof(VectorSupport.Installed), true, null)]
    [InlineData(nameof(VectorSupport.Creatable), true, null)]
    [InlineData(nameof(VectorSupport.Installed), false, DatabaseReasons.ReadOnly)]
    [InlineData(nameof(VectorSupport.Unavailable), false, DatabaseReasons.ReadOnly)]
    [InlineData(nameof(VectorSupport.NotPermitted), true, DatabaseReasons.VectorUnavailable)]
    [InlineData(nameof(VectorSupport.Unavailable), true, DatabaseReasons.VectorUnavailable)]
    public void A_database_is_usable_when_the_role_may_write_and_vectors_have_a_place(string vector, bool canWrite, string? refused)
    {
        var outcome = Of(["6daf0237b0ba"], Enum.Parse<VectorSupport>(vector), canWrite);
        outcome.Reason.ShouldBe(refused ?? DatabaseReasons.Available);
        (outcome is StepOutcome.Settled).ShouldBe(refused is null);
    }

    [Fact]
    public void A_missing_extension_names_the_package_of_the_servers_version() => Of(null, VectorSupport.Unavailable).Message.ShouldContain("postgresql-17-pgvector");

    [Fact]
    public void An_extension_that_the_role_may_not_create_names_the_statement() => Of(null, VectorSupport.NotPermitted).Message.ShouldContain("CREATE EXTENSION vector;");

    [Fact]
    public void The_schema_is_described()
    {
        Of(null).Message.ShouldBe("PostgreSQL 17.6, a new database; the application makes its schema.");
        Of([]).Message.ShouldBe("PostgreSQL 17.6, a new database; the application makes its schema.");
        Of(["add_worker_tasks"]).Message.ShouldBe("PostgreSQL 17.6, schema revision add_worker_tasks.");
        Of(["a", "b"]).Message.ShouldContain("several revisions (a, b)");
    }

    [Fact]
    public void The_first_look_is_waited_for() => DatabaseVerdict.Of(null, Target, External).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(DatabaseReasons.Connecting);

    private static StepOutcome Of(IReadOnlyList<string>? revisions, VectorSupport vector = VectorSupport.Installed, bool canWrite = true) =>
        DatabaseVerdict.Of(new DatabaseObservation.Available("17.6", 170006, vector, revisions) { CanWrite = canWrite }, Target, External);
}
