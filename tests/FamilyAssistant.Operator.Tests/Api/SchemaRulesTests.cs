using System.Text.Json;
using FamilyAssistant.Operator.Api.Rules;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Api;

public sealed class SchemaRulesTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>A host name of 254 characters, each label of which is right.</summary>
    private static readonly string LongHost = string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".abcd";

    /// <summary>Field to blame and the value, in JSON, that it refuses.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "image", "\"\"" },
        { "image", "\"bad image!\"" },
        { "image", "\"ghcr.io/Werdnum/Family-Assistant:1\"" },
        { "image", "\"https://ghcr.io/werdnum/family-assistant:1\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant:-1\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant:$(id)\"" },
        { "image", "\"--privileged:1\"" },
        { "image", $"\"ghcr.io/werdnum/family-assistant:{new string('1', 129)}\"" },
        { "image", $"\"ghcr.io/{new string('a', 510)}:1\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef\"" },
        { "image", "\"ghcr.io/werdnum/family-assistant@md5:0123456789abcdef0123456789abcdef\"" },
        { "imagePullSecrets.0.name", "\"kube-system/registry\"" },
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
        { "secretRef.name", $"\"{new string('a', 254)}\"" },
        { "secretRef.name", "\"Keys\"" },
        { "secretRef.name", "\"a;touch /tmp/x\"" },
        { "env.0.name", "\"\"" },
        { "env.0.name", "\"1A\"" },
        { "env.0.name", "\"A B\"" },
        { "env.0.name", "\"A\\n\"" },
        { "env.0.name", $"\"{new string('A', 254)}\"" },
        { "env.0.value", $"\"{new string('v', 32769)}\"" },
        { "env.1.valueFrom.configMapKeyRef.name", "\"other/home\"" },
        { "env.0.name", "\"A=B\"" },
        { "env.1.valueFrom.configMapKeyRef.key", "\"a/b\"" },
        { "telegram.allowedUsers.0.id", "9007199254740992" },
        { "telegram.allowedUsers.0.name", "\"Alice,2:Mallory\"" },
        { "telegram.allowedUsers.0.name", "\"Al\\nice\"" },
        { "debug.expiresAt", "\"\"" },
        { "debug.expiresAt", "\"tomorrow\"" },
        { "debug.expiresAt", "\"2026-11-24\"" },
        { "debug.expiresAt", "\"2026-11-24T18:00:00\"" },
        { "debug.expiresAt", "\"2026-11-24t18:00:00z\"" },
        { "debug.expiresAt", "\"2026-11-24 18:00:00Z\"" },
        { "debug.expiresAt", "\"2026-02-30T18:00:00Z\"" },
        { "debug.expiresAt", "\"2026-13-01T00:00:00Z\"" },
        { "debug.expiresAt", "\"2026-11-24T24:00:00Z\"" },
        { "debug.expiresAt", "\"2026-11-24T18:00:60Z\"" },
        { "debug.expiresAt", "\"2026-11-24T18:00:00Z\\n\"" },
        { "debug.expiresAt", "\"2026-11-24T18:00:00+23:00\"" },
        { "debug.expiresAt", "\"9999-12-31T23:59:59-01:00\"" },
        { "debug.expiresAt", "\"1764007200\"" },
        { "debug.expiresAt", "1764007200" },
        { "debug.llmMessages", "\"yes\"" },
        { "llm.model", "\"a model\"" },
        { "llm.embeddingDimensions", "0" },
        { "llm.embeddingDimensions", "16001" },
        { "storage.size", "\"0\"" },
        { "storage.size", "\"-1Gi\"" },
        { "storage.size", "\"1Zi\"" },
        { "storage.size", "\"10\"" },
        { "storage.size", "\"10Gi \"" },
        { "storage.size", "\"10Ki\"" },
        { "storage.size", "\"1e3Gi\"" },
        { "storage.size", "\"+1Gi\"" },
        { "storage.size", "\"0.5Gi\"" },
        { "storage.size", "\"1000000000000Gi\"" },
        { "storage.storageClassName", "\"\"" },
        { "storage.storageClassName", "\"Fast\"" },
        { "storage.existingClaim", "\"../other\"" },
        { "database.managed.storage", "\"-1Gi\"" },
        { "database.managed.storageClassName", "\"Fast Disk\"" },
        { "database.managed.storage", "\"0Gi\"" },
        { "database.managed.image", "\"pgvector\"" },
        { "web.host", "\"*\"" },
        { "web.host", "\"*.example.com\"" },
        { "web.host", "\"a..b\"" },
        { "web.host", "\"10.0.0.1\"" },
        { "web.host", "\"bücher.example\"" },
        { "web.host", "\"Assistant.example.com\"" },
        { "web.host", "\"assistant\"" },
        { "web.host", "\"assistant.example.com.\"" },
        { "web.host", "\"assistant.example.com:443\"" },
        { "web.host", "\"https://assistant.example.com\"" },
        { "web.host", "\"-a.example.com\"" },
        { "web.host", $"\"{new string('a', 64)}.example.com\"" },
        { "web.host", $"\"{LongHost}\"" },
        { "web.webhooks.host", "\"*\"" },
        { "web.webhooks.host", "\"a..b\"" },
        { "web.webhooks.host", $"\"{LongHost}\"" },
        { "web.tls.secretName", "\"other/tls\"" },
        { "web.ingressClassName", "\"Nginx\"" },
        { "web.webhooks.path", "\"webhook\"" },
        { "web.webhooks.path", "\"/webhook(.*)\"" },
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
        { "name", "\"\"" },
        { "name", "\"Mlbot\"" },
        { "name", "\"1mlbot\"" },
        { "name", "\"-d\"" },
        { "name", "\"ml-bot\"" },
        { "name", "\"mlbot\\n\"" },
        { "name", "\"$(touch /tmp/x)\"" },
        { "host", "\"\"" },
        { "host", "\"::1\"" },
        { "host", "\"[::1]\"" },
        { "host", "\"postgresql://evil/x\"" },
        { "host", "\"dbname=a host=evil\"" },
        { "host", "\"--host=evil\"" },
        { "host", "\"kubernetes.default.svc.\"" },
        { "host", "\"a b\"" },
        { "host", "\"größe.example.com\"" },
        { "host", $"\"{LongHost}\"" },
        { "credentialsSecretRef.name", "\"other/db\"" },
        { "credentialsSecretRef.usernameKey", "\"a/b\"" },
        { "credentialsSecretRef.passwordKey", "\"\"" },
        { "port", "-1" },
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
    [InlineData("replicas", "0")]
    [InlineData("env", """[{"name": "A", "value": "$(B)"}, {"name": "B", "value": "$(A)"}]""")]
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
    [InlineData("pod.resources.requests.cpu", "\"nan\"", "spec.pod.resources.requests[cpu]")]
    [InlineData("pod.resources.requests.cpu", "\"-1\"", "spec.pod.resources.requests[cpu]")]
    [InlineData("pod.resources.requests.cpu", "\"1000000000000\"", "spec.pod.resources.requests[cpu]")]
    [InlineData("database.managed.resources.limits.cpu", "\"1e12\"", "spec.database.managed.resources.limits[cpu]")]
    [InlineData("storage.accessMode", "\"ReadOnlyMany\"", "spec.storage.accessMode")]
    [InlineData("deletionPolicy", "\"Recycle\"", "spec.deletionPolicy")]
    [InlineData("secretRef", "\"keys\"", "spec.secretRef")]
    [InlineData("secretRef", "{}", "spec.secretRef.name")]
    [InlineData("web", "{}", "spec.web.host")]
    [InlineData("env", """[{"value": "x"}]""", "spec.env[0].name")]
    [InlineData("imagePullSecrets", """[{"name": "a"}, {"name": "a"}]""", "spec.imagePullSecrets[1]")]
    [InlineData("pod.labels.team", "\"a b\"", "spec.pod.labels[team]")]
    [InlineData("telegram.allowedUsers", """[{"id": "1"}]""", "spec.telegram.allowedUsers[0].id")]
    [InlineData("telegram.developerChatId", "1.5", "spec.telegram.developerChatId")]
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

    /// <summary>List or map, its bound, one entry in JSON (with <c>%</c> for a number), and whether it is a map.</summary>
    [Theory]
    [InlineData("env", 128, """{"name": "V%", "value": "x"}""", "items")]
    [InlineData("imagePullSecrets", 8, """{"name": "s%"}""", "items")]
    [InlineData("telegram.allowedUsers", 200, """{"id": %}""", "items")]
    [InlineData("pod.tolerations", 32, """{"key": "k%"}""", "items")]
    [InlineData("pod.labels", 32, "\"k%\": \"v\"", "entries")]
    [InlineData("pod.annotations", 32, "\"k%\": \"v\"", "entries")]
    [InlineData("web.annotations", 64, "\"k%\": \"v\"", "entries")]
    [InlineData("pod.resources.requests", 8, "\"example.com/r%\": \"1\"", "entries")]
    public void A_huge_object_is_refused_at_the_first_bound(string path, int most, string entry, string word)
    {
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json((path, Many(most))))).ShouldBeEmpty();
        var found = SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json((path, Many(most + 1))))).ShouldHaveSingleItem();
        found.ToString().ShouldBe($"spec.{path}: must have at most {most} {word}");

        string Many(int count)
        {
            var entries = string.Join(',', Enumerable.Range(1, count).Select(number => entry.Replace("%", $"{number}", StringComparison.Ordinal)));
            return word == "items" ? $"[{entries}]" : $"{{{entries}}}";
        }
    }

    [Fact]
    public void Every_part_of_a_huge_text_is_counted_once()
    {
        var found = SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json(("image", $"\"{new string('a', 1_400_000)}\""))));
        found.ShouldHaveSingleItem().ToString().ShouldBe("spec.image: must have at most 512 characters");
    }

    [Theory]
    [InlineData("image", "\"\"", "spec.image: must not be empty")]
    [InlineData("replicas", "-1", "spec.replicas: must be at least 0")]
    [InlineData("replicas", "11", "spec.replicas: must be at most 10")]
    [InlineData("replicas", "\"1\"", "spec.replicas: must be of type integer")]
    [InlineData("database", "null", "spec.database: must be set")]
    [InlineData("timezone", "\"$(id)\"", "spec.timezone: must match ^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$")]
    [InlineData("deletionPolicy", "\"Recycle\"", "spec.deletionPolicy: must be one of Retain, Delete")]
    [InlineData("env", """[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]""", "spec.env[1]: must not have the same name as another item")]
    public void A_violation_says_what_is_allowed(string path, string json, string text) =>
        SchemaRules.CheckJson(JsonSerializer.SerializeToElement(Specs.Json((path, json)))).ShouldHaveSingleItem().ToString().ShouldBe(text);

    [Theory]
    [InlineData("a")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghij")]
    [InlineData("family-assistant-2")]
    public void A_name_of_an_instance_is_a_short_label(string name) => SchemaRules.CheckName(name).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("2-families")]
    [InlineData("a.b")]
    [InlineData("a-")]
    [InlineData("-a")]
    [InlineData("a_b")]
    [InlineData("a\n")]
    [InlineData("größe")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabc")]
    [InlineData("A")]
    [InlineData("abcdefghijabcdefghijabcdefghijabcdefghijk")]
    public void Another_name_is_refused(string name) =>
        SchemaRules.CheckName(name).ShouldHaveSingleItem().FieldPath.ShouldBe("metadata.name");

    [Fact]
    public void A_name_of_253_characters_is_refused_by_its_length() =>
        SchemaRules.CheckName(new string('a', 253)).ShouldHaveSingleItem().ToString().ShouldBe("metadata.name: must have at most 40 characters");

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
