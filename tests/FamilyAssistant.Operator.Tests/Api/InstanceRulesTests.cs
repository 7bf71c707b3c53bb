using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class InstanceRulesTests
{
    /// <summary>Rule, field to blame, edit of the complete spec that breaks the rule.</summary>
    public static TheoryData<string, string, string, string> Broken => new()
    {
        { "backup-secrets-encrypted", "spec.backup.include", "backup.encryption", "null" },
        { "database-one-of", "spec.database", "database", "{}" },
        { "database-one-of", "spec.database", "database.external", Specs.External },
        { "database-host-reachable", "spec.database.external.host", "database", Host("localhost") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("169.254.169.254") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("0.0.0.0") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("kubernetes.default.svc") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("kubernetes.default.svc.cluster.local") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("169.254.0.1") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("0.1.2.3") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("kubernetes") },
        { "database-host-reachable", "spec.database.external.host", "database", Host("kubernetes.default") },
        { "env-value-or-source", "spec.env[0]", "env.0", """{"name": "A"}""" },
        { "env-value-or-source", "spec.env[1]", "env.1", """{"name": "A", "value": "", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}""" },
        { "env-source-one-of", "spec.env[1].valueFrom", "env.1.valueFrom", "{}" },
        { "env-source-one-of", "spec.env[1].valueFrom", "env.1.valueFrom.secretKeyRef", """{"name": "s", "key": "k"}""" },
        { "telegram-anyone-or-users", "spec.telegram.allowAnyone", "telegram.allowAnyone", "true" },
        { "debug-switch", "spec.debug", "debug", """{"expiresAt": "2026-11-24T18:00:00Z"}""" },
        { "debug-switch", "spec.debug", "debug", """{"llmMessages": false, "litellm": false, "expiresAt": "2026-11-24T18:00:00Z"}""" },
        { "pod-labels-not-owned", "spec.pod.labels", "pod.labels", """{"app": "x"}""" },
        { "pod-labels-not-owned", "spec.pod.labels", "pod.labels", """{"family-assistant.io/instance": "x"}""" },
        { "pod-labels-not-owned", "spec.pod.labels", "pod.labels", """{"app.kubernetes.io/component": "x"}""" },
        { "pod-annotations-not-owned", "spec.pod.annotations", "pod.annotations", """{"family-assistant.io/config-hash": "x"}""" },
        { "web-annotations-not-owned", "spec.web.annotations", "web.annotations", """{"family-assistant.io/applied": "x"}""" },
        { "webhooks-annotations-not-owned", "spec.web.webhooks.annotations", "web.webhooks.annotations", """{"family-assistant.io/applied": "x"}""" },
        { "pod-labels-not-owned", "spec.pod.labels", "pod.labels", """{"app.kubernetes.io/managed-by": "x"}""" },
        { "pod-annotations-not-owned", "spec.pod.annotations", "pod.annotations", """{"family-assistant.io/adopt": "true"}""" },
        { "pod-requests-within-limits", "spec.pod.resources.requests", "pod.resources.requests", """{"memory": "2G"}""" },
        { "pod-requests-within-limits", "spec.pod.resources.requests", "pod.resources.requests", """{"memory": "1025Mi"}""" },
        { "pod-request-names", "spec.pod.resources.requests", "pod.resources.requests", """{"memmory": "1Mi"}""" },
        { "pod-limit-names", "spec.pod.resources.limits", "pod.resources.limits", """{"storage": "1Mi"}""" },
        { "database-requests-within-limits", "spec.database.managed.resources.requests", "database.managed.resources.requests", """{"cpu": "1001m"}""" },
        { "database-request-names", "spec.database.managed.resources.requests", "database.managed.resources.requests", """{"gpu": "1"}""" },
        { "database-limit-names", "spec.database.managed.resources.limits", "database.managed.resources.limits", """{"gpu": "1"}""" },
    };

    /// <summary>Rule, field to blame, edit of the spec before, edit of the spec after.</summary>
    public static TheoryData<string, string, string, string, string> BrokenChanges => new()
    {
        { "database-kind-immutable", "spec.database", "database", """{"managed": {}}""", $$"""{"external": {{Specs.External}}}""" },
        { "database-storage-grows", "spec.database.managed.storage", "database.managed.storage", "\"10Gi\"", "\"10000Mi\"" },
        { "database-storage-class-immutable", "spec.database.managed.storageClassName", "database.managed.storageClassName", "null", "\"fast\"" },
        { "backup-volume-grows", "spec.backup.volume.size", "backup.volume.size", "\"50Gi\"", "\"49Gi\"" },
        { "backup-volume-class-immutable", "spec.backup.volume.storageClassName", "backup.volume.storageClassName", "null", "\"fast\"" },
        { "storage-grows", "spec.storage.size", "storage.size", "\"1Ti\"", "\"1023Gi\"" },
        { "storage-grows", "spec.storage.size", "storage.size", "\"20Gi\"", "\"20G\"" },
        { "storage-class-immutable", "spec.storage.storageClassName", "storage.storageClassName", "null", "\"fast\"" },
        { "storage-class-immutable", "spec.storage.storageClassName", "storage.storageClassName", "\"fast\"", "\"slow\"" },
        { "storage-claim-immutable", "spec.storage.existingClaim", "storage.existingClaim", "null", "\"b\"" },
        { "storage-claim-immutable", "spec.storage.existingClaim", "storage.existingClaim", "\"a\"", "null" },
        { "database-kind-immutable", "spec.database", "database", $$"""{"external": {{Specs.External}}}""", """{"managed": {}}""" },
        { "storage-class-immutable", "spec.storage.storageClassName", "storage.storageClassName", "\"fast\"", "null" },
        { "storage-access-mode-immutable", "spec.storage.accessMode", "storage.accessMode", "\"ReadWriteOnce\"", "\"ReadWriteMany\"" },
        { "storage-claim-immutable", "spec.storage.existingClaim", "storage.existingClaim", "\"a\"", "\"b\"" },
    };

    public static TheoryData<string> OwnedNames => [.. OwnedEnvironment.Ordered];

    [Fact]
    public void A_complete_spec_keeps_every_rule()
    {
        InstanceRules.Check(Specs.Spec()).ShouldBeEmpty();
        InstanceRules.Check(Specs.Spec(("database", $$"""{"external": {{Specs.External}}}"""))).ShouldBeEmpty();
        InstanceRules.CheckTransition(Specs.Spec(), Specs.Spec()).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_names_the_field(string rule, string field, string path, string json)
    {
        var found = InstanceRules.Check(Specs.Spec((path, json))).ShouldHaveSingleItem();
        (found.RuleId, found.FieldPath).ShouldBe((rule, field));
        found.Message.ShouldBe(InstanceRules.All.Single(r => r.Id == rule).Message);
    }

    [Theory]
    [MemberData(nameof(BrokenChanges))]
    public void A_forbidden_change_names_the_field(string rule, string field, string path, string before, string after)
    {
        var found = InstanceRules.CheckTransition(Specs.Spec((path, before)), Specs.Spec((path, after))).ShouldHaveSingleItem();
        (found.RuleId, found.FieldPath).ShouldBe((rule, field));
    }

    [Theory]
    [MemberData(nameof(OwnedNames))]
    public void A_variable_that_the_operator_sets_is_refused(string name)
    {
        var found = InstanceRules.Check(Specs.Spec(("env.1.name", $"\"{name}\""))).ShouldHaveSingleItem();
        (found.RuleId, found.FieldPath).ShouldBe(("env-name-not-owned", "spec.env[1].name"));
    }

    [Theory]
    [InlineData("storage.size", "\"20Gi\"", "\"20480Mi\"")]
    [InlineData("storage.size", "\"20Gi\"", "\"21Gi\"")]
    [InlineData("database.managed.storage", "\"10Gi\"", "\"11G\"")]
    public void A_volume_may_grow_and_change_its_notation(string path, string before, string after) =>
        InstanceRules.CheckTransition(Specs.Spec((path, before)), Specs.Spec((path, after))).ShouldBeEmpty();

    [Theory]
    [InlineData("storage.accessMode", "\"ReadWriteMany\"")]
    [InlineData("storage.existingClaim", "\"shared\"")]
    public void Several_replicas_need_a_volume_that_all_can_mount(string path, string json) =>
        InstanceRules.Check(Specs.Spec(("replicas", "2"), ("telegram", """{"developerChatId": 1}"""), (path, json))).ShouldBeEmpty();

    [Theory]
    [InlineData("replicas-share-volume", "telegram", "null")]
    [InlineData("telegram-one-poller", "storage.accessMode", "\"ReadWriteMany\"")]
    [InlineData("telegram-one-poller", "storage.existingClaim", "\"shared\"")]
    public void Several_replicas_need_a_shared_volume_and_no_bot(string rule, string path, string json)
    {
        var found = InstanceRules.Check(Specs.Spec(("replicas", "2"), (path, json))).ShouldHaveSingleItem();
        (found.RuleId, found.FieldPath).ShouldBe((rule, "spec.replicas"));
    }

    [Fact]
    public void Several_replicas_cannot_serve_anyone_either() =>
        InstanceRules.Check(Specs.Spec(("replicas", "2"), ("storage.accessMode", "\"ReadWriteMany\""), ("telegram", """{"allowAnyone": true}""")))
            .ShouldHaveSingleItem().RuleId.ShouldBe("telegram-one-poller");

    /// <summary>The server that a name means may change; what is dialled is judged by address as well.</summary>
    [Theory]
    [InlineData("localhost.example.com")]
    [InlineData("kubernetes.example.com")]
    [InlineData("10.0.0.5")]
    [InlineData("db")]
    [InlineData("db.kubernetes.svc")]
    public void Another_host_is_not_refused_by_its_looks(string host) => InstanceRules.Check(Specs.Spec(("database", Host(host)))).ShouldBeEmpty();

    [Fact]
    public void A_field_walks_to_another_value_and_back()
    {
        var (one, two) = (Specs.Spec(), Specs.Spec(("image", "\"a:2\""), ("replicas", "0"), ("web.host", "\"other.example.com\""), ("pod.resources.requests", """{"memory": "1Mi"}""")));
        InstanceRules.CheckTransition(one, two).ShouldBeEmpty();
        InstanceRules.CheckTransition(two, one).ShouldBeEmpty();
    }

    [Fact]
    public void Every_rule_has_a_test_that_breaks_it()
    {
        var tested = Broken.Select(r => r.Data.Item1).Concat(BrokenChanges.Select(r => r.Data.Item1)).Concat(["env-name-not-owned", "replicas-share-volume", "telegram-one-poller"]);
        InstanceRules.All.Select(r => r.Id).Order().ShouldBe(tested.Distinct().Order());
    }

    private static string Host(string host) =>
        $$$$"""{"external": {"host": "{{{{host}}}}", "name": "mlbot", "credentialsSecretRef": {"name": "db"}}}""";
}
