using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>What the caches say of an instance and its bot.</summary>
internal sealed record TelegramPicture
{
    /// <summary>The instance.</summary>
    public required ClusterObject Instance { get; init; }

    /// <summary>What its Secret wants; null without a token.</summary>
    public FenceContent? Wanted { get; init; }

    /// <summary>The fence Secret.</summary>
    public Fence? Fence { get; init; }

    /// <summary>The claims that the instance, or an earlier one of its name, holds.</summary>
    public IReadOnlyList<BotClaim> Held { get; init; } = [];

    /// <summary>Whether pods of the instance exist or will.</summary>
    public bool Runs { get; init; }

    /// <summary>Whether this pass would start the first pod.</summary>
    public bool Starts { get; init; }

    /// <summary>Whether a Deployment of the instance's name is still to be scaled to zero by the takeover, which needs this gate open.</summary>
    public bool TakeoverIsDue { get; init; }

    /// <summary>Whether the claim of the wanted bot is held by exactly this instance.</summary>
    public bool HoldsWanted => Wanted is not null && Held.Any(claim => claim.BotId == Wanted.BotId && claim.IsHeldBy(Instance));

    /// <summary>Whether a claim is held that is not the wanted bot's.</summary>
    public bool HoldsOthers => Held.Any(claim => claim.BotId != Wanted?.BotId);

    /// <summary>Looks at the caches.</summary>
    public static TelegramPicture Of(InstancePass pass, ICaches caches, TelegramOptions options)
    {
        var set = Ours(pass, pass.Observed.Find(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name)));
        var pods = pass.Observed.PodsOf(Components.App).Any();
        return new TelegramPicture
        {
            Instance = pass.Source,
            Wanted = FenceContent.Of(pass.Spec, pass.Spec.SecretRef is { } secret ? DataOf.Secret(pass.Observed.Find(ResourceTypes.Secret, secret.Name)) : null),
            Fence = Fence.Of(pass.Observed.Find(ResourceTypes.Secret, ObjectNames.TelegramSecret(pass.Name))),
            Held = HeldBy(pass.Source.Key, caches, options),
            Runs = pods || set is { IsAtZero: false },
            Starts = pass.Replicas > 0 && !pods && set is null or { Replicas: 0 },
            TakeoverIsDue = pass.Adopt && WantsPods(pass.Observed.Find(ResourceTypes.Deployment, ObjectNames.Workload(pass.Name))),
        };
    }

    /// <summary>The claims that the caches know under this instance's name.</summary>
    public static IReadOnlyList<BotClaim> HeldBy(ObjectKey instance, ICaches caches, TelegramOptions options) =>
        [.. caches[ResourceTypes.Lease].List(options.OperatorNamespace, BotClaim.ByHolder, BotClaim.IndexValue(instance)).Select(BotClaim.Of).OfType<BotClaim>()];

    private static ApplicationSet? Ours(InstancePass pass, ClusterObject? set) => ApplicationSet.Of(set, pass.Source);

    private static bool WantsPods(ClusterObject? deployment) =>
        deployment is { IsTerminating: false, Json.IsEmpty: false } && (deployment.Read<V1Deployment>().Spec?.Replicas ?? 1) > 0;
}
