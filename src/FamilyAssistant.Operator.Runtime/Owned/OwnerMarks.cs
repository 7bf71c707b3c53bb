using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>How an owner marks its objects and knows them again.</summary>
/// <param name="AppliedAnnotation">Annotation with the hash of the manifest that was last applied.</param>
/// <param name="OwnerLabel">Label with the owner's name.</param>
/// <param name="ManagedByLabel">Label with the operator's name.</param>
/// <param name="ManagedByValue">Its value.</param>
/// <param name="OwnerUid">UID of the owner.</param>
/// <param name="OwnerName">Name of the owner.</param>
/// <param name="Owned">Whether the object has an owner reference; a retained one is known by its labels, because it outlives owners.</param>
internal sealed record OwnerMarks(string AppliedAnnotation, string OwnerLabel, string ManagedByLabel, string ManagedByValue, string OwnerUid, string OwnerName, bool Owned)
{
    /// <summary>Whether the object is this owner's. An object of an earlier owner of the same name is not ours while it has that owner's reference.</summary>
    public bool IsOurs(ClusterObject seen)
    {
        if (seen.ControllerUid is not null)
        {
            return seen.ControllerUid == OwnerUid;
        }

        return !Owned && IsLabelled(seen);
    }

    /// <summary>
    /// Whether the object goes with an owner of the same kind and name that had another UID. As a name has one UID at a time, that owner is gone once ours is known to be there,
    /// and the object is what garbage collection has not come to yet. Only for objects that have an owner reference.
    /// </summary>
    public bool IsOfEarlierOwner(ClusterObject seen, ResourceType ownerType)
    {
        if (!Owned || seen.ControllerUid is not { } uid || uid == OwnerUid || seen.Json.IsEmpty || !IsLabelled(seen))
        {
            return false;
        }

        using var document = JsonDocument.Parse(seen.Json);
        return document.RootElement.GetProperty("metadata").GetProperty("ownerReferences").EnumerateArray().Any(reference =>
            Text(reference, "uid") == uid && Text(reference, "kind") == ownerType.Kind && Text(reference, "apiVersion") == ownerType.ApiVersion && Text(reference, "name") == OwnerName);
    }

    private bool IsLabelled(ClusterObject seen) =>
        seen.Labels.TryGetValue(ManagedByLabel, out var manager) && manager == ManagedByValue && seen.Labels.TryGetValue(OwnerLabel, out var owner) && owner == OwnerName;

    private static string? Text(JsonElement reference, string member) => reference.TryGetProperty(member, out var value) ? value.GetString() : null;
}
