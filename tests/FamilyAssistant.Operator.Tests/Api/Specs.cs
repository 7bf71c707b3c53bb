using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Tests.Api;

/// <summary>Specs for rules: one that keeps them all, and edits of it in JSON.</summary>
internal static class Specs
{
    public const string Complete = """
        {
          "image": "ghcr.io/werdnum/family-assistant:20260222_031455",
          "imagePullSecrets": [{"name": "registry"}],
          "serverUrl": "https://assistant.example.com",
          "timezone": "Australia/Sydney",
          "secretRef": {"name": "keys"},
          "configRef": {"name": "config"},
          "env": [
            {"name": "CALDAV_USERNAME", "value": "alice"},
            {"name": "HOMEASSISTANT_URL", "valueFrom": {"configMapKeyRef": {"name": "home", "key": "url"}}}
          ],
          "telegram": {"allowedUsers": [{"id": 123456789, "name": "Alice"}, {"id": -42}], "developerChatId": 123456789},
          "debug": {"llmMessages": true, "litellm": true, "expiresAt": "2026-11-24T18:00:00Z"},
          "llm": {"model": "openrouter/google/gemini-2.5-pro", "embeddingModel": "gemini-embedding-001", "embeddingDimensions": 1536},
          "database": {"managed": {"storage": "10Gi", "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1"}}}},
          "storage": {"size": "20Gi", "storageClassName": "fast"},
          "backup": {
            "schedule": "0 2 * * *", "timeZone": "Australia/Sydney", "include": ["Database", "Files", "Configuration", "Secrets"], "deadline": "6h",
            "volume": {"size": "50Gi"}, "encryption": {"passphraseSecretRef": {"name": "backup"}},
            "retention": {"keepLast": 3, "daily": 7, "weekly": 4, "monthly": 12, "maxAge": "400d"}, "verification": {"schedule": "0 5 * * 0"}
          },
          "web": {
            "host": "assistant.example.com", "annotations": {"example.com/x": "y"}, "tls": {"secretName": "tls"},
            "webhooks": {"host": "hooks.example.com", "annotations": {"example.com/x": "y"}}
          },
          "pod": {
            "resources": {"requests": {"memory": "512Mi"}, "limits": {"memory": "1Gi"}},
            "nodeSelector": {"kubernetes.io/arch": "amd64"},
            "labels": {"team": "home"}, "annotations": {"example.com/x": "y"},
            "tolerations": [{"key": "home", "operator": "Exists", "effect": "NoSchedule"}],
            "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
              {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}}
          }
        }
        """;

    public const string External = """
        {"host": "postgres.example.com", "name": "mlbot", "credentialsSecretRef": {"name": "db"}}
        """;

    /// <summary>The complete spec after <c>path = json</c> edits; <c>null</c> removes the field.</summary>
    public static JsonObject Json(params (string Path, string Json)[] edits)
    {
        var spec = JsonNode.Parse(Complete)!.AsObject();
        foreach (var (path, json) in edits)
            Set(spec, path, JsonNode.Parse(json));
        return spec;
    }

    public static InstanceSpec Spec(params (string Path, string Json)[] edits) =>
        Json(edits).Deserialize(ApiJsonContext.Default.InstanceSpec)!;

    /// <summary>Sets one field by its path; null removes it.</summary>
    public static void Set(JsonObject spec, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        JsonNode node = spec;
        foreach (var part in parts[..^1])
            node = int.TryParse(part, out var index) ? node[index]! : node[part] ??= new JsonObject();
        if (int.TryParse(parts[^1], out var last))
            node[last] = value;
        else if (value is null)
            node.AsObject().Remove(parts[^1]);
        else
            node[parts[^1]] = value;
    }
}
