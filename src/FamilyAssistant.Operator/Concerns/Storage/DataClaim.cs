using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>What a PersistentVolumeClaim says of itself.</summary>
/// <param name="Request">Requested size.</param>
/// <param name="Capacity">Size of the bound volume, or null.</param>
/// <param name="Phase"><c>Pending</c>, <c>Bound</c> or <c>Lost</c>; <c>Pending</c> too while nothing has looked at it.</param>
/// <param name="StorageClass">Its class, or null.</param>
/// <param name="AccessModes">Its access modes.</param>
/// <param name="IsResizing">A resize is under way.</param>
/// <param name="IsTerminating">It is being deleted.</param>
internal sealed record DataClaim(
    ResourceQuantity? Request,
    ResourceQuantity? Capacity,
    string Phase,
    string? StorageClass,
    IReadOnlyList<string> AccessModes,
    bool IsResizing,
    bool IsTerminating)
{
    /// <summary>Key of the size among a claim's resources.</summary>
    public const string StorageResource = "storage";

    /// <summary>Reads it; null when there is none.</summary>
    public static DataClaim? Of(ClusterObject? source)
    {
        if (source is null)
        {
            return null;
        }

        var claim = source.Read<V1PersistentVolumeClaim>();
        return new DataClaim(
            Find(claim.Spec?.Resources?.Requests),
            Find(claim.Status?.Capacity),
            claim.Status?.Phase ?? "Pending",
            claim.Spec?.StorageClassName,
            claim.Spec?.AccessModes?.AsReadOnly() ?? [],
            claim.Status?.Conditions?.Any(condition => condition is { Status: "True", Type: "Resizing" or "FileSystemResizePending" }) == true,
            source.IsTerminating);
    }

    private static ResourceQuantity? Find(IDictionary<string, ResourceQuantity>? amounts) =>
        amounts is not null && amounts.TryGetValue(StorageResource, out var amount) ? amount : null;
}
