using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>Backups of the instance <c>home/fa</c> and passes over them; Jobs end when a test says so. It is noon of 23 November 2026.</summary>
internal sealed class BackupWorld
{
    public const string Uid = "5f0c2a7e-1111-2222-3333-444455556666";
    public const string SetId = "20261123t110000z-5f0c2a7e";
    public const string Passphrase = "correct horse battery";

    public BackupWorld()
    {
        World = new InstanceWorld(InstanceWorld.Minimal, ("backup", """{"encryption": {"passphraseSecretRef": {"name": "passphrase"}}}""")).WithSecrets();
        World.Secret("passphrase", ("passphrase", Passphrase));
        World.Secret("db", ("username", "fa"), ("password", "canary"));
        Claim("fa-backups");
        Claim("fa-data");
        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"status": {"database": {"serverVersion": "16.4"} } }""");
    }

    public InstanceWorld World { get; }

    public FakeCluster Cluster => World.Cluster;

    public static ObjectKey Key => InstanceWorld.Key("night");

    public BackupStatus? Status => Kind().StatusOf(Cluster.Look(Kinds.Backup, Key)!);

    /// <summary>Names of the Jobs that are there.</summary>
    public IEnumerable<string> Jobs => Cluster.All(ResourceTypes.Job, "home").Select(job => job.Key.Name);

    /// <summary>Name of the Job of a stage.</summary>
    public static string Job(string stage) => $"backup-5f0c2a7e-1111-{stage}";

    /// <summary>What the script says of a set as it should be.</summary>
    public static string Manifest(string parts = "Database", string setId = SetId)
    {
        var sum = new string('a', 64);
        var list = string.Join(',', parts.Split(' ').Select(part => $$$"""{"name":"{{{part}}}","file":"f","sizeBytes":10,"sha256":"{{{sum}}}"}"""));
        return $$$"""
            "manifest":{"schemaVersion":1,"setId":"{{{setId}}}","instance":{"namespace":"home","name":"fa","uid":"u"},"createdAt":"2026-11-23T11:00:00Z","include":["Database"],"parts":[{{{list}}}],
            "database":{"serverVersion":"16.4","serverMajor":16,"clientVersion":"16.4","tables":3,"rows":42} }
            """;
    }

    /// <summary>A test restore.</summary>
    public const string Verified = "\"verified\":{\"rows\":42,\"tables\":3,\"restoreSeconds\":5}";

    /// <summary>Asks for one, as kubectl would.</summary>
    public void Create(string spec = """{"include": ["Database"]}""", string metadata = "{}", string? status = null)
    {
        var whole = JsonNode.Parse(spec)!.AsObject();
        whole["instanceRef"] = new JsonObject { ["name"] = "fa" };
        var meta = JsonNode.Parse(metadata)!.AsObject();
        (meta["name"], meta["namespace"], meta["uid"], meta["creationTimestamp"]) = ("night", "home", Uid, "2026-11-23T11:00:00Z");
        var source = new JsonObject { ["metadata"] = meta, ["spec"] = whole };
        if (status is not null)
        {
            source["status"] = JsonNode.Parse(status);
        }

        Cluster.Put(Kinds.Backup, source);
    }

    /// <summary>One that has ended well.</summary>
    public void CreateCompleted(string spec = """{"include": ["Database"]}""", string metadata = "{}") => Create(spec, metadata, $$"""
        {"observedGeneration": 1, "phase": "Completed", "finishedAt": "2026-11-23T11:10:00Z", "setId": "{{SetId}}", "serverVersion": "16.4",
         "location": {"claim": "fa-backups", "path": "fa/{{SetId}}"}, "parts": [{"name": "Database", "file": "database.dump", "sizeBytes": 10, "sha256": "{{new string('a', 64)}}"}]}
        """);

    public void Claim(string name, string mode = "ReadWriteMany") => Cluster.Put(
        ResourceTypes.PersistentVolumeClaim, $$"""{"metadata": {"name": "{{name}}", "namespace": "home"}, "spec": {"accessModes": ["{{mode}}"]}, "status": {"phase": "Bound"} }""");

    /// <summary>One pass, by an operator that has just been started.</summary>
    public Task<ReconcileResult> PassAsync()
    {
        var kind = Kind();
        return new ProcedureReconciler<FamilyAssistantBackup, BackupStatus>(
            Cluster,
            Cluster,
            kind,
            [kind],
            new ProcedureLock(Cluster, Cluster, [kind]),
            new ProcedureStatusWriter<FamilyAssistantBackup, BackupStatus>(Cluster, Cluster, World.Events, kind),
            World.Time,
            NullLogger<ProcedureReconciler<FamilyAssistantBackup, BackupStatus>>.Instance).ReconcileAsync(Key, TestContext.Current.CancellationToken);
    }

    /// <summary>Passes until nothing is written any more.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 20; round++)
        {
            var before = Cluster.Writes.Count();
            await PassAsync();
            if (Cluster.Writes.Count() == before)
            {
                return;
            }
        }

        throw new InvalidOperationException("still not settled");
    }

    private BackupKind Kind()
    {
        var (runner, images) = (new JobRunner(Cluster), new ToolImages("mirror/pg:{major}"));
        return new BackupKind(
            new BackupHandler(Cluster, runner, images),
            new VerificationHandler(Cluster, Cluster, runner, images, World.Events, World.Time),
            new RemovalHandler(Cluster, Cluster, runner, images, World.Events, World.Time),
            new BackupMetrics(Metrics.NewCustomRegistry()),
            Cluster,
            Cluster,
            World.Events);
    }
}
