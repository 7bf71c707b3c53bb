using System.Text.Json;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What people write by mistake or in bad faith, each on top of a good instance.</summary>
internal static class BadInputs
{
    private static readonly string Digits64 = new('0', 64);

    /// <summary>What the schema itself can refuse, with the field that has to be named.</summary>
    public static IReadOnlyList<SpecChange> Schema =>
    [
        new("an empty image", "image", Text(""), "spec.image"),
        new("an image with a blank", "image", Text("bad image!"), "spec.image"),
        new("an image that is a tag only", "image", Text(":20260222_031455"), "spec.image"),
        new("an image without tag or digest", "image", Text("ghcr.io/werdnum/family-assistant"), "spec.image"),
        new("an image with a digest of the wrong length", "image", Text("ghcr.io/werdnum/family-assistant@sha256:" + Digits64[1..]), "spec.image"),
        new("no image", "image", "null", "spec.image"),
        new("an unknown pull policy", "imagePullPolicy", Text("Sometimes"), "spec.imagePullPolicy"),
        new("replicas below zero", "replicas", "-1", "spec.replicas"),
        new("too many replicas", "replicas", "11", "spec.replicas"),
        new("replicas that are text", "replicas", Text("1"), "spec.replicas"),
        new("an address that is not one", "serverUrl", Text("assistant.example.com"), "spec.serverUrl"),
        new("a time zone that is a command", "timezone", Text("$(id)"), "spec.timezone"),
        new("a Secret in another namespace", "secretRef.name", Text("kube-system/other"), "spec.secretRef.name"),
        new("an empty name of a Secret", "secretRef.name", Text(""), "spec.secretRef.name"),
        new("a variable with an equals sign in its name", "env", """[{"name":"A=B","value":"1"}]""", "spec.env[0].name"),
        new("a variable without a name", "env", """[{"value":"1"}]""", "spec.env[0].name"),
        new("a variable twice", "env", """[{"name":"A","value":"1"},{"name":"A","value":"2"}]""", "spec.env[1]"),
        new("five thousand variables", "env", Many(5000), "spec.env"),
        new("a user without an id", "telegram.allowedUsers", """[{"name":"Alice"}]""", "spec.telegram.allowedUsers[0].id"),
        new("a user's id as text", "telegram.allowedUsers", """[{"id":"123"}]""", "spec.telegram.allowedUsers[0].id"),
        new("a user's name that would break the application's list", "telegram.allowedUsers", """[{"id":1,"name":"a,2:b"}]""", "spec.telegram.allowedUsers[0].name"),
        new("debug output without an end", "debug", """{"llmMessages":true}""", "spec.debug.expiresAt"),
        new("debug output until a word", "debug", """{"llmMessages":true,"expiresAt":"tomorrow"}""", "spec.debug.expiresAt"),
        new("debug output until a day", "debug", """{"llmMessages":true,"expiresAt":"2026-11-24"}""", "spec.debug.expiresAt"),
        new("debug output until a time without zone", "debug", """{"llmMessages":true,"expiresAt":"2026-11-24T18:00:00"}""", "spec.debug.expiresAt"),
        new("debug output until a day that does not exist", "debug", """{"llmMessages":true,"expiresAt":"2026-02-30T18:00:00Z"}""", "spec.debug.expiresAt"),
        new("a debug switch that is text", "debug", """{"llmMessages":"yes","expiresAt":"2026-11-24T18:00:00Z"}""", "spec.debug.llmMessages"),
        new("no database at all", "database", "null", "spec.database"),
        new("a list of database hosts", "database.external.host", Text("one,two"), "spec.database.external.host"),
        new("a socket folder as database host", "database.external.host", Text("/var/run/postgresql"), "spec.database.external.host"),
        new("a connection string as database host", "database.external.host", Text("postgresql://evil/x"), "spec.database.external.host"),
        new("port 0", "database.external.port", "0", "spec.database.external.port"),
        new("port 65536", "database.external.port", "65536", "spec.database.external.port"),
        new("a database name with a blank", "database.external.name", Text("a b"), "spec.database.external.name"),
        new("a database name that is SQL", "database.external.name", Text("x;DROP TABLE notes"), "spec.database.external.name"),
        new("a database name with a quote", "database.external.name", Text("\""), "spec.database.external.name"),
        new("a database name that is a connection string", "database.external.name", Text("dbname=a host=evil"), "spec.database.external.name"),
        new("a database name that is a URL", "database.external.name", Text("postgresql://evil/x"), "spec.database.external.name"),
        new("a database name that is an option", "database.external.name", Text("--file=/etc/x"), "spec.database.external.name"),
        new("a database name of 64 characters", "database.external.name", Text(new string('a', 64)), "spec.database.external.name"),
        new("a database name beyond ASCII", "database.external.name", Text("familie_ä"), "spec.database.external.name"),
        new("an unknown TLS mode", "database.external.sslMode", Text("verify"), "spec.database.external.sslMode"),
        new("a volume of size 0", "storage.size", Text("0"), "spec.storage.size"),
        new("a volume of negative size", "storage.size", Text("-1Gi"), "spec.storage.size"),
        new("a volume in a unit that is none", "storage.size", Text("1Zi"), "spec.storage.size"),
        new("a volume of ten bytes", "storage.size", Text("10"), "spec.storage.size"),
        new("an access mode that is none", "storage.accessMode", Text("ReadWriteSometimes"), "spec.storage.accessMode"),
        new("a CPU request that is not a number", "pod.resources.requests", """{"cpu":"nan"}""", "spec.pod.resources.requests"),
        new("a CPU request of thirteen digits", "pod.resources.requests", """{"cpu":"1000000000000"}""", "spec.pod.resources.requests"),
        new("a wildcard as web host", "web.host", Text("*"), "spec.web.host"),
        new("an empty label in the web host", "web.host", Text("a..b"), "spec.web.host"),
        new("a web host of 254 characters", "web.host", Text(string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".abcd"), "spec.web.host"),
        new("a web host beyond ASCII", "web.host", Text("familie-ä.example.com"), "spec.web.host"),
        new("a webhook path that lets everything through", "web", """{"host":"a.example.com","webhooks":{"host":"b.example.com","path":"/"}}""", "spec.web.webhooks.path"),
        new("an unknown deletion policy", "deletionPolicy", Text("Recycle"), "spec.deletionPolicy"),
        new("a schedule with seconds", "backup.schedule", Text("* * * * * *"), "spec.backup.schedule"),
        new("a schedule in words of its own", "backup.schedule", Text("@every 1s"), "spec.backup.schedule"),
        new("a schedule with a zone", "backup.schedule", Text("TZ=Europe/Berlin 0 2 * * *"), "spec.backup.schedule"),
        new("an empty schedule", "backup.schedule", Text(""), "spec.backup.schedule"),
        new("a zone that is a path", "backup.timeZone", Text("../../etc/passwd"), "spec.backup.timeZone"),
        new("a retention that keeps nothing", "backup.retention.keepLast", "0", "spec.backup.retention.keepLast"),
        new("a retention below zero", "backup.retention.keepLast", "-1", "spec.backup.retention.keepLast"),
        new("a retention of a thousand million", "backup.retention.keepLast", "1000000000", "spec.backup.retention.keepLast"),
        new("an age of nothing", "backup.retention.maxAge", Text("0d"), "spec.backup.retention.maxAge"),
        new("an age of more than a calendar has", "backup.retention.maxAge", Text("999999d"), "spec.backup.retention.maxAge"),
        new("a set of nothing", "backup.include", "[]", "spec.backup.include"),
        new("a set volume of negative size", "backup.volume.size", Text("-1Gi"), "spec.backup.volume.size"),
        new("a set volume in another namespace", "backup.volume.existingClaim", Text("other/sets"), "spec.backup.volume.existingClaim"),
        new("a passphrase in another namespace", "backup.encryption.passphraseSecretRef.name", Text("other/passphrase"), "spec.backup.encryption.passphraseSecretRef.name"),
        new("test restores without a schedule", "backup.verification", "{}", "spec.backup.verification.schedule"),
        new("a deadline of nothing", "backup.deadline", Text("0s"), "spec.backup.deadline"),
        new("a deadline without a unit", "backup.deadline", Text("6"), "spec.backup.deadline"),
    ];

    /// <summary>The same on top of a good backup.</summary>
    public static IReadOnlyList<SpecChange> Backups =>
    [
        new("an instance in another namespace", "instanceRef.name", Text("other/home"), "spec.instanceRef.name"),
        new("no instance", "instanceRef", "null", "spec.instanceRef"),
        new("a set of nothing", "include", "[]", "spec.include"),
        new("an unknown proof", "verify", Text("Never"), "spec.verify"),
        new("a deadline of nothing", "deadline", Text("0h"), "spec.deadline"),
    ];

    /// <summary>The same on top of a good restore.</summary>
    public static IReadOnlyList<SpecChange> Restores =>
    [
        new("no source", "source", "null", "spec.source"),
        new("a set id that is a path", "source.volume.setId", Text("../../../../../../../x/x/x"), "spec.source.volume.setId"),
        new("an instance that is a path", "source.volume.instanceName", Text("../../etc"), "spec.source.volume.instanceName"),
        new("a claim in another namespace", "source.volume.claimName", Text("other/sets"), "spec.source.volume.claimName"),
        new("a backup in another namespace", "source", """{"backupRef":{"name":"other/night"}}""", "spec.source.backupRef.name"),
        new("a passphrase in another namespace", "passphraseSecretRef.name", Text("other/passphrase"), "spec.passphraseSecretRef.name"),
        new("no parts", "parts", "[]", "spec.parts"),
        new("a deadline in weeks", "deadline", Text("1w"), "spec.deadline"),
    ];

    /// <summary>What rules across fields refuse; with a part of the message that people get either from the API server or from the operator.</summary>
    public static IReadOnlyList<SpecChange> Rules =>
    [
        new("two databases", "database.managed", "{}", "exactly one of external and managed must be set"),
        new("a database that is the metadata service", "database.external.host", Text("169.254.169.254"), "must name a database server"),
        new("a database that is the pod itself", "database.external.host", Text("localhost"), "must name a database server"),
        new("a database that is the API server", "database.external.host", Text("kubernetes.default.svc"), "must name a database server"),
        new("two replicas on a volume for one node", "replicas", "2", "more than one replica needs storage.accessMode ReadWriteMany"),
        new("a variable of the operator", "env", """[{"name":"DATABASE_URL","value":"postgresql://evil/x"}]""", "the operator sets this variable itself"),
        new("the bot token as a variable", "env", """[{"name":"TELEGRAM_BOT_TOKEN","value":"1:x"}]""", "the operator sets this variable itself"),
        new("a variable without value and source", "env", """[{"name":"A"}]""", "exactly one of value and valueFrom must be set"),
        new("a variable with value and source", "env", """[{"name":"A","value":"1","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]""", "exactly one of value and valueFrom must be set"),
        new("anyone and a list of users", "telegram", """{"allowAnyone":true,"allowedUsers":[{"id":1}]}""", "allowAnyone contradicts"),
        new("debug output of nothing", "debug", """{"expiresAt":"2026-11-24T18:00:00Z"}""", "at least one of llmMessages and litellm"),
        new("a debug switch as a variable", "env", """[{"name":"DEBUG_LLM_MESSAGES","value":"true"}]""", "the operator sets this variable itself"),
        new("a request above its limit", "pod.resources", """{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}""", "a request must not be above the limit"),
        new("a resource that is none", "pod.resources.limits", """{"gpu":"1"}""", "a resource is cpu, memory"),
        new("a label of the operator", "pod.labels", """{"app":"other"}""", "are not yours to set"),
        new("secrets without encryption", "backup", """{"include":["Secrets"]}""", "Secrets are only ever written encrypted"),
        new("an annotation of the operator", "pod.annotations", """{"family-assistant.io/config-hash":"x"}""", "the operator's own"),
    ];

    private static string Text(string value) => JsonSerializer.Serialize(value);

    private static string Many(int count) => "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"name":"V{{i}}","value":"x"}""")) + "]";
}
