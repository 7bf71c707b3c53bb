using System.Security.Cryptography;
using System.Text;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Concerns.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Restores;

/// <summary>Objects of a set on a cluster that has some of their names already.</summary>
public sealed class RestoreObjectsTests
{
    private const string SealKey = "one-time key";
    private const string Uid = "3f2a9c1b-7d40-4a5e-9d55-0123456789ab";
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task What_exists_is_somebodys_and_stays_as_it_is()
    {
        _world.Secret("theirs", ("key", "theirs"));
        _world.ConfigMap("settings", ("config.yaml", "theirs"));
        var before = (Cluster.LookJson(ResourceTypes.Secret, InstanceWorld.Key("theirs"))!.ToJsonString(), Cluster.LookJson(ResourceTypes.ConfigMap, InstanceWorld.Key("settings"))!.ToJsonString(), Cluster.LookJson(Kinds.Instance, InstanceWorld.Key("fa"))!.ToJsonString());
        Opened(
            """
            {"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"config.yaml": "of the set"}},
            {"kind": "FamilyAssistantInstance", "metadata": {"name": "fa"}, "spec": {"image": "evil:1"}}
            """,
            """
            {"kind": "Secret", "metadata": {"name": "theirs"}, "type": "Opaque", "data": {"key": "b2Y="}},
            {"kind": "Secret", "metadata": {"name": "missing", "namespace": "kube-system", "ownerReferences": [{"uid": "1"}]}, "type": "Opaque", "data": {"key": "b2Y="}}
            """);

        await RunAsync();

        (Cluster.LookJson(ResourceTypes.Secret, InstanceWorld.Key("theirs"))!.ToJsonString(), Cluster.LookJson(ResourceTypes.ConfigMap, InstanceWorld.Key("settings"))!.ToJsonString(), Cluster.LookJson(Kinds.Instance, InstanceWorld.Key("fa"))!.ToJsonString()).ShouldBe(before);
        var made = Cluster.LookJson(ResourceTypes.Secret, InstanceWorld.Key("missing")).ShouldNotBeNull();
        made["metadata"]!["ownerReferences"].ShouldBeNull();
        Cluster.All(ResourceTypes.Secret, "kube-system").ShouldBeEmpty();
        Cluster.Writes.ShouldAllBe(write => write.StartsWith("create ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_with_anything_else_in_it_is_refused_whole()
    {
        Opened("""{"kind": "ConfigMap", "metadata": {"name": "new"}, "data": {}}, {"kind": "ClusterRoleBinding", "metadata": {"name": "evil"}}""", "");

        var failed = (await RunAsync()).ShouldBeOfType<ProcedureOutcome.Failed>();

        failed.Reason.ShouldBe(RestoreReasons.ObjectInvalid);
        failed.Message.ShouldEndWith("Nothing was replaced.");
        Cluster.Writes.ShouldBeEmpty();
    }

    private static string Job => ObjectNames.ProcedureJob("restore", Uid, "open-parts-1");

    /// <summary>The Job that opens the parts has ended, and they stand in its log.</summary>
    private void Opened(string configuration, string secrets)
    {
        var owner = $$"""[{"apiVersion": "x", "kind": "X", "name": "back", "uid": "{{Uid}}", "controller": true}]""";
        Cluster.Put(ResourceTypes.Job, $$"""{"metadata": {"name": "{{Job}}", "namespace": "home", "ownerReferences": {{owner}} } }""");
        JobPods.Succeed(Cluster, Job);
        _world.Secret(Job, (ToolEnvironment.SealKeyFile, SealKey));
        Cluster.Logs[InstanceWorld.Key(Job + "-pod")] = Part("Configuration", configuration) + Part("Secrets", secrets);
        Cluster.Requests.Clear();
    }

    private static string Part(string name, string items)
    {
        byte[] salt = [1, 2, 3, 4, 5, 6, 7, 8];
        var derived = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(SealKey), salt, 10_000, HashAlgorithmName.SHA256, 48);
        using var aes = Aes.Create();
        aes.Key = derived[..32];
        byte[] sealedPart = [.. "Salted__"u8, .. salt, .. aes.EncryptCbc(Encoding.UTF8.GetBytes($$"""{"items": [{{items}}]}"""), derived[32..])];
        return $"-----BEGIN FAMILY ASSISTANT PART {name}-----\n{Convert.ToBase64String(sealedPart)}\n-----END FAMILY ASSISTANT PART {name}-----\n";
    }

    private async Task<ProcedureOutcome> RunAsync()
    {
        var restore = Cluster.Put(Kinds.Restore, $$"""
            {"metadata": {"name": "back", "namespace": "home", "uid": "{{Uid}}", "finalizers": ["{{WireNames.RestoreFinalizer}}"]},
             "spec": {"instanceRef": {"name": "fa"}, "parts": ["Configuration", "Secrets"], "source": {"volume": {"claimName": "sets", "setId": "20261126t020000z-3f2a9c1b"} }, "passphraseSecretRef": {"name": "p"}, "acceptKeyChange": true} }
            """);
        var instance = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        return await new RestoreHandler(Cluster, Cluster, new JobRunner(Cluster), new ToolImages("pg:{major}")).ExecuteAsync(
            new ProcedurePass<FamilyAssistantRestore>
            {
                Source = restore,
                Procedure = restore.Read(ApiJsonContext.Default.FamilyAssistantRestore),
                Status = new RestoreStatus
                {
                    Stage = RestoreStages.PuttingObjects,
                    Before = new Dictionary<string, string> { [RestoreEvidence.Claim] = "sets", [RestoreEvidence.Folder] = "fa", [RestoreEvidence.SetId] = "20261126t020000z-3f2a9c1b", [RestoreEvidence.Missing] = "False", [RestoreEvidence.Started] = "True" },
                },
                FoundInstance = (instance, instance.Read(ApiJsonContext.Default.FamilyAssistantInstance)),
                Now = _world.Time.GetUtcNow(),
            },
            TestContext.Current.CancellationToken);
    }
}
