using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupJobsTests
{
    private static readonly BackupStatus Status = new()
    {
        SetId = BackupFixtures.SetId,
        Location = new BackupLocation { Claim = "fa-backups", Path = $"fa/{BackupFixtures.SetId}" },
        Parts = [.. BackupFixtures.All.Select(part => new BackupPartStatus { Name = part, File = "f", SizeBytes = 1, Sha256 = "s" })],
    };

    [Fact]
    public void Manifests_are_word_by_word_as_they_were()
    {
        var needs = BackupFixtures.Needs(("database", """{"external": {"host": "postgres.example.com", "port": 6432, "name": "mlbot", "sslMode": "Require", "credentialsSecretRef": {"name": "db"}}}"""));
        var make = BackupJobs.Make(BackupFixtures.Backup, needs, BackupFixtures.SetId, BackupStages.Of("Making"), TimeSpan.FromHours(6));
        var verify = BackupJobs.Verify(BackupFixtures.Backup, Status, "fa", needs.Spec, "verify-1", "pgvector/pgvector:pg17", passphrase: false, near: true, TimeSpan.FromHours(6));
        var delete = BackupJobs.Delete(BackupFixtures.Backup, Status, "fa", null, "pgvector/pgvector:pg17", ["20261125t020000z-11111111"], near: false, TimeSpan.FromHours(1));

        // The scripts have tests of their own.
        Golden.ShouldMatch("backup-jobs", ((ToolJob[])[make, verify, delete]).Select(job => (job with { Command = ToolJob.Script("…") }).ToManifest()));
        make.Command.ShouldBe(ToolJob.Script(ToolScripts.Backup));
        verify.Command.ShouldBe(ToolJob.Script(ToolScripts.Verify));
        delete.Command.ShouldBe(ToolJob.Script(ToolScripts.Delete));
    }

    [Fact]
    public void A_managed_database_is_reached_by_its_service_and_its_own_image()
    {
        var needs = BackupFixtures.Needs();
        var endpoint = DatabaseEndpoint.Of("home", "fa", needs.Spec.Database);

        endpoint.ShouldBe(new DatabaseEndpoint("fa-postgres.home.svc", 5432, "family_assistant", "disable", "fa-postgres", "username", "password"));
        new ToolImages("mirror/pg:{major}").Of(needs.Spec.Database, "16.2").ShouldBe("pgvector/pgvector:pg17");
    }

    [Theory]
    [InlineData("17.6", "mirror/pg:17")]
    [InlineData("16.2 (Debian 16.2-1)", "mirror/pg:16")]
    [InlineData("18beta1", "mirror/pg:18")]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("devel", null)]
    public void The_image_for_an_external_server_follows_its_version(string? version, string? image) =>
        new ToolImages("mirror/pg:{major}").Of(BackupFixtures.Spec(("database", """{"external": {"host": "h", "name": "n", "credentialsSecretRef": {"name": "db"}}}""")).Database, version).ShouldBe(image);

    [Fact]
    public void It_runs_beside_the_application_only_where_a_volume_is_on_one_node()
    {
        var shared = BackupFixtures.Needs() with { SetClaim = BackupFixtures.Claim("ReadWriteMany"), DataClaim = BackupFixtures.Claim("ReadWriteMany") };
        Near(shared).ShouldBeFalse();
        Near(shared with { DataClaim = BackupFixtures.Claim() }).ShouldBeTrue();
        Near(shared with { DataClaim = BackupFixtures.Claim(), Include = [BackupPart.Database] }).ShouldBeFalse();
        Near(shared with { SetClaim = BackupFixtures.Claim() }).ShouldBeTrue();

        static bool Near(BackupNeeds needs) => FakeRead(BackupJobs.Make(BackupFixtures.Backup, needs, BackupFixtures.SetId, BackupStages.Of("Making"), TimeSpan.FromHours(1)).ToManifest()).Spec.Template.Spec.Affinity is not null;
    }

    [Fact]
    public void No_secret_and_no_text_of_an_object_is_in_a_command()
    {
        var job = FakeRead(BackupJobs.Make(BackupFixtures.Backup, BackupFixtures.Needs(), BackupFixtures.SetId, BackupStages.Of("Making"), TimeSpan.FromHours(1)).ToManifest());
        var container = job.Spec.Template.Spec.Containers.Single();

        container.Command.ShouldBe(ToolJob.Script(ToolScripts.Backup));
        container.Args.ShouldBeNull();
        container.Env.Where(variable => variable.Name is ToolEnvironment.Password or ToolEnvironment.User).ShouldAllBe(variable => variable.Value == null && variable.ValueFrom.SecretKeyRef != null);
    }

    private static V1Job FakeRead(Manifest manifest) => ModelJson.Deserialise<V1Job>(manifest.Json.Span);
}
