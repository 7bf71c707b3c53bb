using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class DeployTests
{
    private static readonly string[] Forbidden = ["escalate", "bind", "impersonate"];
    private static readonly string[] ForbiddenResources = ["pods/exec", "pods/attach", "pods/portforward", "serviceaccounts/token", "roles", "rolebindings", "clusterroles", "clusterrolebindings", "nodes", "namespaces"];

    public static TheoryData<string> Manifests => [.. YamlFiles.Under("deploy").Where(f => !f.EndsWith("kustomization.yaml", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_role_names_what_it_allows(string path)
    {
        foreach (var rule in Rules(path))
        {
            rule.ToJsonString().ShouldNotContain("*");
            Texts(rule, "verbs").Intersect(Forbidden).ShouldBeEmpty();
            Texts(rule, "resources").Intersect(ForbiddenResources).ShouldBeEmpty();
            rule["nonResourceURLs"].ShouldBeNull();
        }
    }

    [Fact]
    public void Both_ways_of_installing_grant_the_operator_the_same() =>
        Granted("deploy/namespaced/rbac.yaml").ShouldBe(Granted("deploy/base/rbac.yaml"));

    [Fact]
    public void Every_rule_of_the_operator_has_its_reason_beside_it()
    {
        var lines = Repository.Read("deploy", "base", "rbac.yaml").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("- apiGroups", StringComparison.Ordinal))
                lines[i - 1].ShouldStartWith("#", customMessage: $"line {i + 1}");
        }
    }

    [Fact]
    public void The_operator_replaces_and_deletes_no_instance() =>
        Rules("deploy/base/rbac.yaml").Where(r => Texts(r, "resources").Contains("familyassistantinstances"))
            .SelectMany(r => Texts(r, "verbs")).ShouldBe(["get", "list", "watch", "create", "patch"], ignoreOrder: true);

    [Fact]
    public void Users_cannot_write_status() =>
        Rules("deploy/base/rbac-users.yaml").Where(r => Texts(r, "resources").Any(x => x.EndsWith("/status", StringComparison.Ordinal)))
            .SelectMany(r => Texts(r, "verbs")).ShouldBeSubsetOf(["get", "list", "watch"]);

    [Fact]
    public void The_operator_keeps_to_the_restricted_profile()
    {
        var pod = Deployment()["spec"]!["template"]!["spec"]!;
        ((bool?)pod["securityContext"]!["runAsNonRoot"]).ShouldBe(true);
        ((string?)pod["securityContext"]!["seccompProfile"]!["type"]).ShouldBe("RuntimeDefault");
        pod["hostNetwork"].ShouldBeNull();
        pod["volumes"]?.AsArray().Where(v => v!["hostPath"] is not null).ShouldBeEmpty();
        foreach (var container in pod["containers"]!.AsArray().Concat(pod["initContainers"]?.AsArray() ?? []))
        {
            var security = container!["securityContext"]!;
            ((bool?)security["allowPrivilegeEscalation"]).ShouldBe(false);
            ((bool?)security["readOnlyRootFilesystem"]).ShouldBe(true);
            security["capabilities"]!.ToJsonString().ShouldBe("""{"drop":["ALL"]}""");
            container["resources"]!["limits"]!["memory"].ShouldNotBeNull();
            container["livenessProbe"].ShouldNotBeNull();
            container["readinessProbe"].ShouldNotBeNull();
        }
    }

    [Fact]
    public void The_selector_of_the_Service_and_of_the_Deployment_find_the_pods()
    {
        var labels = Deployment()["spec"]!["template"]!["metadata"]!["labels"]!.AsObject();
        var service = YamlFiles.Read("deploy", "operator", "service.yaml").Single()["spec"]!["selector"]!.AsObject();
        var selector = Deployment()["spec"]!["selector"]!["matchLabels"]!.AsObject();
        foreach (var (key, value) in service.Concat(selector))
            ((string?)labels[key]).ShouldBe((string?)value);
    }

    [Fact]
    public void The_namespace_enforces_the_restricted_profile() =>
        ((string?)YamlFiles.Read("deploy", "base", "namespace.yaml").Single()["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]).ShouldBe("restricted");

    private static JsonObject Deployment() => YamlFiles.Read("deploy", "operator", "deployment.yaml").Single();

    private static IEnumerable<JsonObject> Rules(string path) =>
        YamlFiles.Read(path).SelectMany(o => o["rules"]?.AsArray().Select(r => r!.AsObject()) ?? []);

    private static IEnumerable<string> Granted(string path) => Rules(path)
        .SelectMany(r => Texts(r, "apiGroups").SelectMany(g => Texts(r, "resources").SelectMany(x => Texts(r, "verbs").Select(v => $"{g}/{x} {v}")))).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonObject rule, string key) => rule[key]?.AsArray().Select(t => (string)t!) ?? [];
}
