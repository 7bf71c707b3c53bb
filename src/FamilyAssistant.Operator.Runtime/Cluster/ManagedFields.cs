using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Who else wrote an object, read from <c>metadata.managedFields</c> of an answer.</summary>
internal static class ManagedFields
{
    /// <summary>Whether a manager other than these owns a field outside <c>status</c>.</summary>
    public static bool OthersOwn(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> ours)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var (manager, fields) in Entries(document.RootElement))
        {
            if (!ours.Contains(manager) && fields.EnumerateObject().Any(f => f.Name is not ("f:status" or ".")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first manager that owns something of <c>spec</c>; null when nobody is known to.</summary>
    public static string? SpecManager(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var (manager, fields) in Entries(document.RootElement))
        {
            if (manager.Length > 0 && fields.TryGetProperty("f:spec", out _))
            {
                return manager;
            }
        }

        return null;
    }

    private static IEnumerable<(string Manager, JsonElement Fields)> Entries(JsonElement source)
    {
        if (!source.TryGetProperty("metadata", out var metadata) || !metadata.TryGetProperty("managedFields", out var entries))
        {
            yield break;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            if (entry.TryGetProperty("fieldsV1", out var fields))
            {
                yield return (entry.TryGetProperty("manager", out var name) ? name.GetString() ?? "" : "", fields);
            }
        }
    }
}
