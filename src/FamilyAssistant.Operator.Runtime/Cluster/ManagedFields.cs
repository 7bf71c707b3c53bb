using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Who else wrote an object, read from <c>metadata.managedFields</c> of an answer.</summary>
internal static class ManagedFields
{
    /// <summary>Whether a manager other than these owns a field outside <c>status</c>.</summary>
    public static bool OthersOwn(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> ours)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("metadata", out var metadata) || !metadata.TryGetProperty("managedFields", out var entries))
        {
            return false;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            var manager = entry.TryGetProperty("manager", out var name) ? name.GetString() ?? "" : "";
            if (!ours.Contains(manager) && entry.TryGetProperty("fieldsV1", out var fields)
                && fields.EnumerateObject().Any(f => f.Name is not ("f:status" or ".")))
            {
                return true;
            }
        }

        return false;
    }
}
