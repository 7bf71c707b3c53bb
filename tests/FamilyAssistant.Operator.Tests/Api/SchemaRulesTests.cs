using System.Text.Json;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class SchemaRulesTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Field to blame and the value, in JSON, that it refuses.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "image", "\"\"" },
        { "image", "\"bad image!\"" },
        { "image", "\":20260222\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant@sha256:0123\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant:1\\n\"" },
        { "replicas", "-1" },
        { "replicas", "11" },
        { "serverUrl", "\"assistant.example.com\"" },
        { "serverUrl", "\"https://a b\"" },
        { "timezone", "\"../etc/passwd\"" },
        { "secretRef.name", "\"../other\"" },
        { "configRef.name", "\"\"" },
        { "env.0.name", "\"A=B\"" },
        { "env.1.valueFrom.configMapKeyRef.key", "\"a/b\"" },
        { "telegram.allowedUsers.0.id", "9007199254740992" },
        { "telegram.allowedUsers.0.name", "\"Alice,2:Mallory\"" },
        { "telegram.allowedUsers.0.name", "\"Al\\nice\"" },
        { "llm.model", "\"a model\"" },
        { "llm.embeddingDimensions", "0" },
        { "llm.embeddingDimensions", "16001" },
        { "storage.size", "\"0\"" },
        { "storage.size", "\"-1Gi\"" },
        { "storage.size", "\"1Zi\"" },
        { "storage.size", "\"10\"" },
        { "storage.size", "\"10Gi \"" },
        { "database.managed.storage", "\"0Gi\"" },
        { "database.managed.image", "\"pgvector\"" },
        { "web.host", "\"*\"" },
        { "web.host", "\"*.example.com\"" },
        { "web.host", "\"a..b\"" },
        { "web.host", "\"10.0.0.1\"" },
        { "web.host", "\"bücher.example\"" },
        { "web.webhooks.path", "\"/\"" },
        { "web.webhooks.path", "\"/webhook/../admin\"" },
        { "pod.priorityClassName", "\"A\"" },
    };

    /// <summary>Values of a database connection that client tools or a URL would read as something else.</summary>
    public static TheoryData<string, string> BadConnections => new()
    {
        { "name", "\"a b\"" },
        { "name", "\"x;DROP TABLE\"" },
        { "name", "\"\\\"\"" },
        { "name", "\"dbname=a host=evil\"" },
        { "name", "\"postgresql://evil/x\"" },
        { "name", "\"--file=/etc/x\"" },
        { "name", $"\"{new string('a', 64)}\"" },
        { "name", "\"größe\"" },
        { "host", "\"a,b\"" },
        { "host", "\"/var/run\"" },
        { "host", "\"a..b\"" },
        { "host", "\"evil/x?host=\"" },
        { "host", "\"user@host\"" },
        { "host", "\"LOCALHOST\"" },
        { "host", "\"Kubernetes.Default.Svc\"" },
        { "port", "0" },
        { "port", "65536" },
    };

    [Fact]
    public void A_complete_spec_keeps_every_bound()
    {
        SchemaRules.Check(Specs.Spec()).ShouldBeEmpty();
        SchemaRules.Check(Specs.Spec(("database", $$"""{"external": {{Specs.External}}}"""))).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_value_out_of_bounds_names_the_field(string path, string json) => Refuses(Specs.Json((path, json)), path);

    [Theory]
    [MemberData(nameof(BadConnections))]
    public void A_dangerous_connection_names_the_field(string field, string json) =>
        Refuses(Specs.Json(("database", $$"""{"external": {{Specs.External}}}"""), ("database.external." + field, json)), "database.external." + field);

    [Theory]
    [InlineData("image", "\"nginx:1\"")]
    [InlineData("image", $"\"ghcr.io:5000/a/b-c_d@{Digest}\"")]
    [InlineData("image", $"\"family-assistant:dev@{Digest}\"")]
    [InlineData("storage.size", "\"1.5Ti\"")]
    [InlineData("timezone", "\"America/Argentina/Buenos_Aires\"")]
    [InlineData("timezone", "\"Etc/GMT+10\"")]
    [InlineData("telegram.allowedUsers.0.name", "\"Zoë 🦊\"")]
    public void A_proper_value_passes(string path, string json) => SchemaRules.Check(Specs.Spec((path, json))).ShouldBeEmpty();

    [Theory]
    [InlineData("env", """[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]""", "spec.env[1]")]
    [InlineData("telegram.allowedUsers", """[{"id": 1, "name": "A"}, {"id": 1, "name": "B"}]""", "spec.telegram.allowedUsers[1]")]
    [InlineData("imagePullPolicy", "\"Sometimes\"", "spec.imagePullPolicy")]
    [InlineData("pod.resources.limits.memory", "\"nan\"", "spec.pod.resources.limits[memory]")]
    [InlineData("pod.resources.limits.memory", "\"1e12\"", "spec.pod.resources.limits[memory]")]
    [InlineData("pod.tolerations", """[{"effect": "Sometimes"}]""", "spec.pod.tolerations[0].effect")]
    [InlineData("replicas", "1.5", "spec.replicas")]
    [InlineData("replicas", "\"1\"", "spec.replicas")]
    [InlineData("image", "null", "spec.image")]
    [InlineData("database", "null", "spec.database")]
    public void Lists_maps_and_types_are_checked_like_the_server_does(string path, string json, string field) =>
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json((path, json)))).Select(v => v.FieldPath).ShouldBe([field]);

    [Fact]
    public void Too_many_items_are_one_violation_and_not_looked_at()
    {
        var env = string.Join(',', Enumerable.Range(0, 5000).Select(_ => """{"name": "="}"""));
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json(("env", $"[{env}]"))))
            .ShouldHaveSingleItem().ToString().ShouldBe("spec.env: must have at most 128 items");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("family-assistant-2")]
    public void A_name_of_an_instance_is_a_short_label(string name) => SchemaRules.CheckName(name).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("2-families")]
    [InlineData("a.b")]
    [InlineData("a-")]
    [InlineData("A")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijk")]
    public void Another_name_is_refused(string name) =>
        SchemaRules.CheckName(name).ShouldHaveSingleItem().FieldPath.ShouldBe("metadata.name");

    [Fact]
    public void A_violation_never_quotes_the_value()
    {
        const string secret = "123456:hunter2 hunter2";
        var found = SchemaRules.Check(Specs.Spec(("image", $"\"{secret}\""), ("timezone", $"\"{secret}\"")));
        found.Count.ShouldBe(2);
        found.ShouldAllBe(v => !v.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    private static void Refuses(System.Text.Json.Nodes.JsonObject spec, string path)
    {
        var field = "spec" + string.Concat(path.Split('.').Select(p => int.TryParse(p, out _) ? $"[{p}]" : "." + p));
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(spec)).ShouldHaveSingleItem().FieldPath.ShouldBe(field);
    }
}
