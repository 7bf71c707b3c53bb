using FamilyAssistant.Operator.Benchmarks.World;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>The operator's own requests in a part of the audit log, told from everybody else's by user.</summary>
/// <param name="records">All records of the part.</param>
internal sealed class RequestCounts(IEnumerable<AuditRecord> records)
{
    private static readonly string[] NoObjects = ["events", "leases", "familyassistantinstances"];
    private readonly List<AuditRecord> _records = [.. records.Where(record => record.User == Installation.User)];

    /// <summary>Requests that keep or take the leader's Lease: they depend on time alone, not on instances.</summary>
    public int Lease => _records.Count(IsLease);

    /// <summary>Watches that were opened.</summary>
    public int Watches => _records.Count(record => record.Verb == "watch");

    /// <summary>Pages of lists.</summary>
    public int Lists => _records.Count(record => record.Verb == "list");

    /// <summary>Reads of single objects.</summary>
    public int Gets => _records.Count(record => record.Verb == "get" && !IsLease(record));

    /// <summary>Everything that may change something.</summary>
    public int Writes => _records.Count(record => record.IsWrite && !IsLease(record));

    /// <summary>Writes of status.</summary>
    public int StatusWrites => _records.Count(record => record.IsWrite && record.Subresource == "status");

    /// <summary>Events that were written.</summary>
    public int Events => _records.Count(record => record.IsWrite && record.Resource == "events");

    /// <summary>Requests that were refused or failed.</summary>
    public int Failed => _records.Count(record => record.Code is 0 or >= 400);

    /// <summary>Different objects that were written, without events, the Lease and the instances themselves.</summary>
    public int Objects => _records
        .Where(record => record.IsWrite && record.Code is >= 200 and < 300 && record.Subresource.Length == 0 && !NoObjects.Contains(record.Resource))
        .Select(record => (record.Group, record.Resource, record.Namespace, record.Name))
        .Distinct()
        .Count();

    /// <summary>How often each kind of request was made, most often first.</summary>
    public IReadOnlyDictionary<string, int> ByKind => _records
        .GroupBy(record => $"{record.Verb} {record.Resource}{(record.Subresource.Length > 0 ? "/" : "")}{record.Subresource}{(record.Code is 0 or >= 400 ? $" -> {record.Code}" : "")}")
        .OrderByDescending(group => group.Count())
        .ToDictionary(group => group.Key, group => group.Count());

    private static bool IsLease(AuditRecord record) => record.Resource == "leases";
}
