using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>The instance that a claim names. The UID tells an instance from an earlier one of the same name.</summary>
internal sealed record ClaimHolder(string Namespace, string Name, string Uid)
{
    /// <summary>Where that instance is, or was.</summary>
    public ObjectKey Instance => new(Namespace, Name);

    /// <summary>This instance as a holder.</summary>
    public static ClaimHolder Of(ClusterObject instance) => new(instance.Key.Namespace, instance.Key.Name, instance.Uid);

    /// <summary>Reads <c>holderIdentity</c>; null when it is none of ours.</summary>
    public static ClaimHolder? Parse(string identity) =>
        identity.Split('/') is [{ Length: > 0 } @namespace, { Length: > 0 } name, { Length: > 0 } uid] ? new ClaimHolder(@namespace, name, uid) : null;

    /// <summary>As it stands in <c>holderIdentity</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}/{Uid}";
}
