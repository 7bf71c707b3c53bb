using System.Net;
using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The API server's <c>Status</c> object, as far as it says why.</summary>
/// <param name="Reason"><c>reason</c>.</param>
/// <param name="Message"><c>message</c>.</param>
/// <param name="Fields"><c>details.causes[].field</c>.</param>
internal sealed record StatusBody(string Reason, string Message, IReadOnlyList<string> Fields)
{
    private static readonly StatusBody Nothing = new("", "", []);

    /// <summary>Reads a body; anything that is not a Status yields empty parts.</summary>
    public static StatusBody Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Nothing;
            }

            var fields = root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
                && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
                ? causes.EnumerateArray().Select(c => Text(c, "field")).Where(f => f.Length > 0).Distinct().ToArray()
                : [];
            return new StatusBody(Text(root, "reason"), Text(root, "message"), fields);
        }
        catch (JsonException)
        {
            return Nothing;
        }
    }

    /// <summary>Server-side apply answers 500 for a field that the server's schema lacks; a retry cannot mend that.</summary>
    public static bool IsUnknownField(ApiAnswer answer) =>
        answer.Status == HttpStatusCode.InternalServerError && answer.Body.AsSpan().IndexOf("field not declared in schema"u8) >= 0;

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
