using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What only shows when Secrets and databases are looked at.</summary>
internal static class Faults
{
    private const string Keys = InstanceBuilder.KeysSecret;
    private const string Database = InstanceBuilder.DatabaseSecret;
    private const string Token = "TELEGRAM_BOT_TOKEN";

    public static IReadOnlyList<Fault> All { get; } = [.. OfSecrets, .. OfTokens, .. OfCredentials, .. OfDatabases];

    private static IEnumerable<Fault> OfSecrets =>
    [
        Secret("no Secret of keys", b => b.WithoutSecret(Keys), "SecretNotFound", ["spec.secretRef", $"Secret {Keys}", "Create it"],
            instance => instance.CreateSecretAsync(Keys, ("OPENROUTER_API_KEY", "x"))),
        Secret("no ConfigMap", b => b.With("configRef.name", "files"), "ConfigMapNotFound", ["spec.configRef", "ConfigMap files", "Create it"],
            instance => instance.Bed.Objects.CreateAsync(ResourceTypes.ConfigMap, instance.Namespace, JsonNode.Parse("""{"metadata":{"name":"files"},"data":{"config.yaml":"a: 1"}}""")!.AsObject())),
        Secret("a variable from a key that is not there", b => b.With("env", JsonNode.Parse($$$$"""[{"name":"EXTRA","valueFrom":{"secretKeyRef":{"name":"{{{{Keys}}}}","key":"ABSENT"}}}]""")), "KeyNotFound", ["spec.env[EXTRA]", "ABSENT", "Add it"],
            instance => instance.SetSecretAsync(Keys, ("ABSENT", "x"))),
        Secret("a key that no variable can have", b => b.WithSecret(Keys, ("api-key", "x")), "InvalidKey", [$"Secret {Keys}", "api-key", "Rename or remove it"],
            instance => instance.SetSecretAsync(Keys, ("api-key", null))),
        Secret("an empty session secret", b => b.WithSecret(Keys, ("SESSION_SECRET_KEY", " ")), "InvalidValue", [$"Secret {Keys}", "SESSION_SECRET_KEY", "Remove the key"],
            instance => instance.SetSecretAsync(Keys, ("SESSION_SECRET_KEY", null))),
    ];

    private static IEnumerable<Fault> OfTokens =>
    [
        BadToken("an empty bot token", ""),
        BadToken("a bot token with a line break", InstanceBuilder.TokenOf(4401) + "\n"),
        BadToken("a bot token that is something else", "canary-not-a-token"),
        BadToken("a bot token of a hundred kilobytes", new string('7', 100_000)),
        Secret("a bot without a list of users", b => b.WithBot(4402).With("telegram", null), "AllowedUsersMissing", ["spec.telegram.allowedUsers", "spec.telegram.allowAnyone"],
            instance => instance.SetAsync("telegram.allowedUsers", new JsonArray(new JsonObject { ["id"] = 1 }))),
        Secret("two replicas of one bot", b => b.WithBot(4403).WithSecret(Keys, ("ALLOWED_USER_IDS", "4711")).With("telegram", null).With("replicas", 2).With("storage.accessMode", "ReadWriteMany"), "ReplicasWithTelegram", ["spec.replicas", Token, "Set spec.replicas to 1"],
            instance => instance.SetAsync("replicas", 0)),
    ];

    private static IEnumerable<Fault> OfCredentials =>
    [
        OfDatabase("no Secret of the database", b => b.WithoutSecret(Database), "SecretNotFound", ["spec.database.external.credentialsSecretRef.name", $"Secret {Database}", "Create it"],
            (instance, database) => instance.CreateSecretAsync(Database, ("username", database.Name), ("password", database.Password))),
        OfDatabase("no password in the Secret", b => b.With("database.external.credentialsSecretRef.passwordKey", "pass"), "KeyNotFound", ["credentialsSecretRef.passwordKey", $"Secret {Database}", "pass"],
            (instance, database) => instance.SetSecretAsync(Database, ("pass", database.Password))),
        OfDatabase("an empty password", b => b.WithSecret(Database, ("password", "")), "InvalidCredentials", ["credentialsSecretRef.passwordKey", $"Secret {Database}", "is empty"],
            (instance, database) => instance.SetSecretAsync(Database, ("password", database.Password))),
        OfDatabase("a line break after the password", b => b.WithSecret(Database, ("password", "canary\n")), "InvalidCredentials", ["credentialsSecretRef.passwordKey", "line break"],
            (instance, database) => instance.SetSecretAsync(Database, ("password", database.Password))),
        OfDatabase("a wrong password", b => b.WithSecret(Database, ("password", "canary")), "AuthenticationFailed", [$"Secret {Database}", "username", "password", "Correct"],
            (instance, database) => instance.SetSecretAsync(Database, ("password", database.Password))),
    ];

    private static IEnumerable<Fault> OfDatabases =>
    [
        OfDatabase("a database that does not exist", b => b.With("database.external.name", "nowhere_at_all"), "DatabaseNotFound", ["spec.database.external.name", "create the database"],
            (instance, database) => instance.SetAsync("database.external.name", database.Name)),
        OfDatabase("a port that nothing listens on", b => b.With("database.external.port", 1), "DatabaseUnreachable", ["127.0.0.1:1", "spec.database.external.host and port"],
            (instance, database) => instance.SetAsync("database.external.port", database.Server.Port)),
        OfDatabase("a host that does not resolve", b => b.With("database.external.host", "database.invalid"), "DatabaseUnreachable", ["database.invalid", "spec.database.external.host and port"],
            (instance, database) => instance.SetAsync("database.external.host", database.Server.Host)),
        OfDatabase("a database that can only be read", b => b, "ReadOnly", ["cannot write"],
            (_, database) => database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} RESET default_transaction_read_only")) with
        {
            SpoilDatabase = database => database.Server.ExecuteAsync($"ALTER DATABASE {database.Name} SET default_transaction_read_only = on"),
        },
        OfDatabase("a database without the vector extension", b => b, "VectorUnavailable", ["CREATE EXTENSION vector"],
            (_, database) => database.Server.ExecuteAsync("CREATE EXTENSION vector", database.Name)) with
        {
            WithVector = false,
        },
    ];

    private static Fault Secret(string what, Func<InstanceBuilder, InstanceBuilder> spoil, string reason, IReadOnlyList<string> says, Func<TestInstance, Task> fix) => new()
    {
        What = what, Spoil = spoil, Condition = ConditionTypes.SecretsValid, Reason = reason, Says = says, Fix = (instance, _) => fix(instance),
    };

    private static Fault BadToken(string what, string token) => Secret(
        what, b => b.WithBot(4400).WithSecret(Keys, (Token, token)), "InvalidToken", [$"Secret {Keys}", Token], instance => instance.SetSecretAsync(Keys, (Token, InstanceBuilder.TokenOf(4400))));

    private static Fault OfDatabase(
        string what, Func<InstanceBuilder, InstanceBuilder> spoil, string reason, IReadOnlyList<string> says, Func<TestInstance, ExternalDatabase, Task> fix) => new()
    {
        What = what, Spoil = spoil, Condition = ConditionTypes.DatabaseReady, Reason = reason, Says = says, Fix = fix,
    };
}
