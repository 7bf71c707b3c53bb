using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Concerns.Backups;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

public sealed class RestoreJobsTests
{
    private static readonly ClusterObject Restore = BackupFixtures.Object(Kinds.Restore, """{"metadata": {"name": "back", "uid": "3f2a9c1b-7d40-4a5e-9d55-0123456789ab"}, "spec": {"instanceRef": {"name": "fa"}}}""");

    public static TheoryData<string> Tools => [.. Enum.GetNames<RestoreTool>()];

    [Fact]
    public void Manifests_are_word_by_word_as_they_were() =>
        Golden.ShouldMatch("restore-jobs", Enum.GetValues<RestoreTool>().Select(tool => (tool, Job: RestoreJobs.Of(Facts(), tool, 1)))
            .Select(job => (job.tool == RestoreTool.Migrate ? job.Job : job.Job with { Command = ToolJob.Script("…") }).ToManifest()));

    /// <summary>Everything that somebody could have written into an object is another word here, and no command changes.</summary>
    [Theory]
    [MemberData(nameof(Tools))]
    public void A_command_is_a_constant(string name)
    {
        var tool = Enum.Parse<RestoreTool>(name);
        var other = Facts() with
        {
            InstanceName = "--option",
            Origin = new RestoreOrigin.Found("$(id)", ";touch /tmp/pwn", "`id`"),
            Safety = new RestoreOrigin.Found("$(id)", "\n", "'"),
            Database = new DatabaseEndpoint("evil", 1, "dbname=x host=evil", "disable", "$(id)", "--k", "\""),
            Passphrase = new PassphraseReference { Name = "$(id)", Key = "--passphrase" },
        };

        RestoreJobs.Of(other, tool, 2).Command.ShouldBe(RestoreJobs.Of(Facts(), tool, 1).Command);
    }

    /// <summary>A name and a password are references; what is a literal is known by name, so that nothing secret becomes one unseen.</summary>
    [Theory]
    [MemberData(nameof(Tools))]
    public void What_is_secret_is_a_reference_and_the_pod_has_no_power(string name)
    {
        string[] literals =
        [
            ToolEnvironment.Instance, ToolEnvironment.Set, ToolEnvironment.Parts, ToolEnvironment.Host, ToolEnvironment.Port, ToolEnvironment.Database, ToolEnvironment.SslMode, ToolEnvironment.ReplaceData,
            ToolEnvironment.Uid8, ToolEnvironment.WasEmpty, ToolEnvironment.Mode,
        ];
        var job = ModelJson.Deserialise<V1Job>(RestoreJobs.Of(Facts(), Enum.Parse<RestoreTool>(name), 1).ToManifest().Json.Span);
        var pod = job.Spec.Template.Spec;
        var container = pod.Containers.ShouldHaveSingleItem();

        (container.Env ?? []).Where(variable => variable.ValueFrom is null).Select(variable => variable.Name).Except(literals).ShouldBeEmpty();
        (container.Env ?? []).Where(variable => variable.ValueFrom is not null).ShouldAllBe(variable => variable.ValueFrom.SecretKeyRef != null);
        container.Args.ShouldBeNull();
        (pod.AutomountServiceAccountToken, pod.ServiceAccountName, pod.HostNetwork, pod.HostPID, pod.RestartPolicy).ShouldBe((false, null, null, null, "Never"));
        (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile.Type).ShouldBe((true, "RuntimeDefault"));
        (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.Privileged).ShouldBe((false, null));
        container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
        (pod.Volumes ?? []).ShouldAllBe(volume => volume.HostPath == null);
        var owner = job.Metadata.OwnerReferences.ShouldHaveSingleItem();
        (owner.Kind, owner.Uid, owner.Controller).ShouldBe((Kinds.Restore.Kind, Restore.Uid, true));
        job.Metadata.NamespaceProperty.ShouldBe(Restore.Key.Namespace);
    }

    [Fact]
    public void Only_what_changes_a_volume_may_write_to_it()
    {
        foreach (var tool in Enum.GetValues<RestoreTool>())
        {
            var job = RestoreJobs.Of(Facts(), tool, 1);
            (job.Sets?.ReadOnly ?? true).ShouldBeTrue($"{tool} changes no set");
            (job.Data is { ReadOnly: false }).ShouldBe(tool is RestoreTool.RestoreFiles or RestoreTool.PutBackFiles or RestoreTool.CleanUp, tool.ToString());
        }
    }

    private static RestoreJobFacts Facts() => new()
    {
        Restore = Restore,
        InstanceName = "fa",
        Spec = BackupFixtures.Spec(),
        Parts = Enum.GetValues<BackupPart>(),
        Origin = new RestoreOrigin.Found("sets", "old", "20261126t020000z-3f2a9c1b"),
        Safety = new RestoreOrigin.Found("fa-backups", "fa", "20261126t030000z-00000000"),
        Database = new DatabaseEndpoint("postgres.example.com", 6432, "mlbot", "require", "db", "username", "password"),
        Image = "pgvector/pgvector:pg17",
        Passphrase = new PassphraseReference { Name = "backup" },
        ReplaceData = true,
        HadData = true,
        IsNear = true,
        Deadline = TimeSpan.FromHours(6),
    };
}
