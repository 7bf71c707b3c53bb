using System.Text;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Api;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>Inputs of the pod template, complete and fixed.</summary>
internal static class Inputs
{
    public static WorkloadInputs Complete(params (string Path, string Json)[] edits) => Of(Specs.Spec(edits));

    public static WorkloadInputs Of(InstanceSpec spec) => new()
    {
        Key = new ObjectKey("home", "fa"),
        Spec = spec,
        Debug = DebugSwitches.Of(spec.Debug, ended: null, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)),
        Secret = Data(("TELEGRAM_BOT_TOKEN", "123456:canary"), ("OPENROUTER_API_KEY", "sk-canary"), ("SERVER_URL", "https://old.example.com")),
        Config = Data(("config.yaml", "a: 1"), ("mcp_config.json", "{}"), ("README.md", "not used")),
        Generated = Data(("SESSION_SECRET_KEY", "5e55"), ("VAPID_PRIVATE_KEY", "private"), ("VAPID_PUBLIC_KEY", "public"), ("OPERATOR_HASH_KEY", "4a54")),
        Fence = Data(("TELEGRAM_BOT_TOKEN", "123456:canary")),
        Database = Data(("DATABASE_URL", "postgresql+asyncpg://fa:canary@db:5432/mlbot")),
        SecretOf = name => name == "other" ? Data(("used", "u"), ("unused", "n")) : null,
        ConfigMapOf = name => name == "home" ? Data(("url", "http://ha")) : null,
    };

    public static Dictionary<string, byte[]> Data(params (string Key, string Value)[] entries) =>
        entries.ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetBytes(entry.Value));

    public static Dictionary<string, byte[]> With(IReadOnlyDictionary<string, byte[]>? data, string key, string value) =>
        new(data!) { [key] = Encoding.UTF8.GetBytes(value) };
}
