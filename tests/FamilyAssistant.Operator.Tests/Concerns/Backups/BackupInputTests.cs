using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Api;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupInputTests
{
    private static readonly DateTime Created = new(2026, 11, 26, 2, 0, 0, DateTimeKind.Utc);

    private static readonly ClusterObject Instance = BackupFixtures.Object(Kinds.Instance, $$"""
        {"metadata": {"name": "fa", "labels": {"team": "home"}, "finalizers": ["x"], "generation": 4, "annotations": {"family-assistant.io/operation": "uid", "note": "kept", "kubectl.kubernetes.io/last-applied-configuration": "{}"} },
         "spec": {{Specs.Complete}}, "status": {"phase": "Running"} }
        """);

    [Fact]
    public void Objects_can_be_applied_anywhere()
    {
        var configMap = BackupFixtures.Object(ResourceTypes.ConfigMap, """{"metadata": {"name": "config", "ownerReferences": []}, "data": {"config.yaml": "a: 1"}}""");
        var items = JsonNode.Parse(Files([configMap], [])[ToolEnvironment.ConfigurationFile])!["items"]!.AsArray();

        items[0]!.ToJsonString().ShouldBe("""{"metadata":{"name":"config"},"data":{"config.yaml":"a: 1"},"apiVersion":"v1","kind":"ConfigMap"}""");
        items[1]!["metadata"]!.ToJsonString().ShouldBe("""{"name":"fa","labels":{"team":"home"},"annotations":{"note":"kept"}}""");
        items[1]!["status"].ShouldBeNull();
        JsonNode.DeepEquals(items[1]!["spec"], Specs.Json()).ShouldBeTrue();
    }

    [Fact]
    public void Secrets_are_those_that_nobody_can_make_again()
    {
        var managed = BackupFixtures.Spec(("env", """[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "more", "key": "a"}}}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "b"}}}]"""));
        BackupInput.Secrets("fa", managed).ShouldBe(["keys", "fa-generated", "fa-postgres", "tls", "registry", "more"]);
        BackupInput.Secrets("fa", BackupFixtures.Spec(("database", $$"""{"external": {{Specs.External}}}"""))).ShouldBe(["keys", "fa-generated", "db", "tls", "registry"]);
        BackupInput.ConfigMaps(BackupFixtures.Spec()).ShouldBe(["config", "home"]);

        var secret = JsonNode.Parse(Files([], [BackupFixtures.Secret("keys", ("A", "b"))])[ToolEnvironment.SecretsFile])!["items"]![0]!;
        secret["type"]!.GetValue<string>().ShouldBe("Opaque");
        secret["data"]!["A"]!.GetValue<string>().ShouldBe("Yg==");
        secret["metadata"]!.ToJsonString().ShouldBe("""{"name":"keys"}""");
    }

    [Fact]
    public void The_manifest_holds_fingerprints_of_the_keys_in_force_and_no_key()
    {
        var generated = BackupFixtures.Secret("fa-generated", (GeneratedKeys.HashKey, "hash-canary"), (GeneratedKeys.SessionSecret, "session-canary"), (GeneratedKeys.VapidPrivate, "generated-canary"));
        var own = BackupFixtures.Secret("keys", (GeneratedKeys.VapidPrivate, "own-canary"));
        var text = Encoding.UTF8.GetString(Files([], [own, generated])[ToolEnvironment.ManifestFile]);
        var manifest = JsonNode.Parse(text)!;

        text.ShouldNotContain("canary");
        ((string)manifest["setId"]!).ShouldBe(BackupFixtures.SetId);
        var key = (string)manifest["fingerprintKey"]!;
        manifest["keys"]!.AsArray().Select(found => ((string)found!["name"]!, (string)found["fingerprint"]!)).ShouldBe(
        [
            (GeneratedKeys.VapidPrivate, KeyFingerprints.Of(key, GeneratedKeys.VapidPrivate, "own-canary"u8)),
            (GeneratedKeys.SessionSecret, KeyFingerprints.Of(key, GeneratedKeys.SessionSecret, "session-canary"u8)),
        ]);
    }

    [Fact]
    public void Only_what_is_asked_for_is_handed_to_the_Job() =>
        Files([], [], [BackupPart.Database]).Keys.ShouldBe([ToolEnvironment.ManifestFile]);

    [Fact]
    public void What_does_not_fit_is_named()
    {
        var large = BackupFixtures.Secret("large", ("a", new string('x', 900_000)));
        var files = Files([], [large]);

        BackupInput.TooLarge(files, [large])!.ShouldContain("Secret large");
        BackupInput.TooLarge(Files([], []), []).ShouldBeNull();
    }

    private static IReadOnlyDictionary<string, byte[]> Files(IReadOnlyList<ClusterObject> configMaps, IReadOnlyList<ClusterObject> secrets, IReadOnlyList<BackupPart>? include = null) =>
        BackupInput.Of(BackupFixtures.SetId, Created, include ?? BackupFixtures.All, Instance, Instance.Read(ApiJsonContext.Default.FamilyAssistantInstance), configMaps, secrets);
}
