using System.Text.Json;
using FamilyAssistant.Operator.Ports;

namespace FamilyAssistant.Operator.Adapters.Health;

/// <summary>Reads the answer of <c>/health</c>.</summary>
internal static class HealthBody
{
    private const int LongestStatus = 64;
    private const int LongestReason = 4096;

    /// <summary>What the body says, whatever the code was; null when it is not of the known form.</summary>
    public static HealthObservation? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "status", LongestStatus) is { Length: > 0 } status
                ? new HealthObservation(status, Text(document.RootElement, "reason", LongestReason) ?? "")
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement body, string name, int longest) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
            ? text.Length <= longest ? text : text[..longest]
            : null;
}
