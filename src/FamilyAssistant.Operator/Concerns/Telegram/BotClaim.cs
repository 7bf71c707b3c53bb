using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Leadership;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>A Lease that is the claim of a bot.</summary>
/// <param name="Source">The Lease as it was seen.</param>
/// <param name="Fields">What it says.</param>
internal sealed record BotClaim(ClusterObject Source, LeaseFields Fields)
{
    /// <summary>Name of the index over claims by the instance that holds them.</summary>
    public const string ByHolder = "claim-holder";

    /// <summary>Public id of the bot.</summary>
    public string BotId => Source.Key.Name[ObjectNames.BotClaim("").Length..];

    /// <summary>Whether nobody has it.</summary>
    public bool IsFree => Fields.Holder.Length == 0;

    /// <summary>Who has it; null when nobody has, or somebody who is no instance.</summary>
    public ClaimHolder? Holder => ClaimHolder.Parse(Fields.Holder);

    /// <summary>Reads it; null when there is none, or it is on its way out.</summary>
    public static BotClaim? Of(ClusterObject? lease) => lease is null or { IsTerminating: true } ? null : new BotClaim(lease, LeaseFields.Of(lease));

    /// <summary>Value of the index for an instance.</summary>
    public static string IndexValue(ObjectKey instance) => instance.ToString();

    /// <summary>Values of the index for a Lease.</summary>
    public static IEnumerable<string> IndexValues(ClusterObject lease) => ClaimHolder.Parse(LeaseFields.Of(lease).Holder) is { } holder ? [IndexValue(holder.Instance)] : [];

    /// <summary>Whether exactly this incarnation of the instance has it.</summary>
    public bool IsHeldBy(ClusterObject instance) => Holder == ClaimHolder.Of(instance);

    /// <summary>Whether this instance has it, or an earlier one of the same name.</summary>
    public bool IsHeldUnderNameOf(ObjectKey instance) => Holder?.Instance == instance;
}
