using System.Text.Json;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>An instance of the demo as it was read just now; null stands for what it does not say yet.</summary>
internal sealed record DemoInstance(string Name, bool IsReady, string? Phase, string? Message, string? ClaimReason, string? ClaimMessage)
{
    /// <summary>Reason of the one that waits for the other.</summary>
    public const string Waits = "ClaimedByAnother";

    /// <summary>One line for the progress.</summary>
    public string Picture => $"{Name}: {Phase ?? "not looked at yet"}{(Message is null ? "" : $": {Message}")}";

    /// <summary>Every instance of the demo, in order of their names.</summary>
    public static async Task<IReadOnlyList<DemoInstance>> ListAsync(IKubernetes client, CancellationToken cancellation)
    {
        var list = await client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>("family-assistant.io", "v1alpha1", Demo.Namespace, "familyassistantinstances", cancellationToken: cancellation);
        return [.. list.GetProperty("items").EnumerateArray().Select(Of)];
    }

    private static DemoInstance Of(JsonElement instance)
    {
        var metadata = instance.GetProperty("metadata");
        var status = instance.TryGetProperty("status", out var found) ? found : default;
        var (ready, claim) = (Condition(status, "Ready"), Condition(status, "TelegramExclusive"));
        var isReady = Text(ready, "status") == "True" && status.GetProperty("observedGeneration").GetInt64() == metadata.GetProperty("generation").GetInt64();
        return new DemoInstance(metadata.GetProperty("name").GetString()!, isReady, Text(status, "phase"), Text(ready, "message"), Text(claim, "reason"), Text(claim, "message"));
    }

    private static JsonElement Condition(JsonElement status, string type) => status.ValueKind == JsonValueKind.Object && status.TryGetProperty("conditions", out var conditions)
        ? conditions.EnumerateArray().FirstOrDefault(condition => condition.GetProperty("type").GetString() == type)
        : default;

    private static string? Text(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
