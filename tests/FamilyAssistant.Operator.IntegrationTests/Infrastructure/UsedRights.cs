using System.Collections.Concurrent;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>What the operator's requests on every cluster of this run needed, as <c>verb group/resource/subresource</c>.</summary>
internal static class UsedRights
{
    private static readonly ConcurrentDictionary<string, bool> Seen = new(StringComparer.Ordinal);

    /// <summary>All so far.</summary>
    public static IReadOnlyCollection<string> All => [.. Seen.Keys];

    /// <summary>Adds the requests of the operator among these.</summary>
    public static void Add(IEnumerable<AuditRecord> records)
    {
        foreach (var right in records.Where(record => record.User == OperatorNames.User() && record.Code < 400).SelectMany(Of))
        {
            Seen[right] = true;
        }
    }

    /// <summary>How a right is written here.</summary>
    public static string Name(string verb, string group, string resource) => $"{verb} {(group.Length == 0 ? "" : group + "/")}{resource}";

    /// <summary>An apply that makes the object needs both patch and create.</summary>
    private static IEnumerable<string> Of(AuditRecord record)
    {
        var resource = record.Resource + (record.Subresource.Length == 0 ? "" : "/" + record.Subresource);
        yield return Name(record.Verb, record.Group, resource);
        if (record is { Verb: "patch", Code: 201 })
        {
            yield return Name("create", record.Group, resource);
        }
    }
}
