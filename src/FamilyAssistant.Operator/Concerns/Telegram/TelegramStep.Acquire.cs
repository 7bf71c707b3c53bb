using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// From a token to a pod that may have it. The order is the proof: whoever gives a claim up reads it, then removes the fence, then deletes exactly what it read. So once the claim was
/// confirmed after the fence was there, it can be given up only by somebody who removes that fence first, and then the token is not filled in.
/// </summary>
internal sealed partial class TelegramStep
{
    private async ValueTask<StepOutcome> AcquireAsync(InstancePass pass, TelegramPicture picture, FenceContent content, CancellationToken ct)
    {
        if (await OthersAsync(pass, picture, ct) is { } others)
        {
            return others;
        }

        if (await IsSecretOutdatedAsync(pass, ct))
        {
            return new StepOutcome.Progressing(TelegramReasons.Claiming, "The Secret with the bot token changed at this moment; looking again.", TimeSpan.Zero);
        }

        var (claim, obstacle) = await TakeAsync(pass, content, ct);
        if (claim is null)
        {
            return obstacle!;
        }

        if (await EmptyFenceAsync(pass, ct) is not { } fence
            || await api.MergePatchAsync(claim.Source, TelegramManifest.Confirm(claim, pass.Now), ct) is not { } confirmed)
        {
            return Again("Somebody else wrote to the claim or its Secret at this moment; looking again.");
        }

        caches[ResourceTypes.Lease].Remember(confirmed);
        if (await api.MergePatchAsync(fence, TelegramManifest.Fill(pass.Source, content), ct) is not { } filled)
        {
            return Again($"Secret {fence.Key.Name} changed at this moment; looking again.");
        }

        pass.Observed.Remember(filled);
        waiters.Remove(pass.Source.Key);
        events.Record(pass.Source, EventSeverity.Normal, EventReasons.BotClaimed, "Claim", $"Bot {content.BotId} is claimed for this instance.");
        return await HoldAsync(pass, picture with { Starts = false }, content, ct);
    }

    /// <summary>A token of before must not be claimed on the strength of a late cache.</summary>
    private async ValueTask<bool> IsSecretOutdatedAsync(InstancePass pass, CancellationToken ct)
    {
        var name = pass.Spec.SecretRef!.Name;
        var live = await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, name), ct)
            ?? throw new ClusterApiException(ErrorClass.Conflict, null, "Conflict", $"Secret {name} was deleted at this moment.");
        var seen = pass.Observed.Find(ResourceTypes.Secret, name);
        pass.Observed.Remember(live);
        return seen is null || seen.Uid != live.Uid || seen.ResourceVersion != live.ResourceVersion;
    }

    /// <summary>The fence without a token: a new one, or one that a crash left. Null when there is something else of that name, which the next look tells.</summary>
    private async ValueTask<ClusterObject?> EmptyFenceAsync(InstancePass pass, CancellationToken ct)
    {
        var manifest = TelegramManifest.EmptyFence(pass.Source);
        var found = await api.CreateAsync(manifest, ct) ?? await api.GetAsync(ResourceTypes.Secret, manifest.Key, ct);
        if (found is null)
        {
            return null;
        }

        pass.Observed.Remember(found);
        return !found.IsTerminating && Fence.Of(found) is { Token: null } fence && fence.IsOf(pass.Source) ? found : null;
    }

    /// <summary>The claim, held by this instance; or why not.</summary>
    private async ValueTask<(BotClaim? Claim, StepOutcome? Obstacle)> TakeAsync(InstancePass pass, FenceContent content, CancellationToken ct)
    {
        var key = options.ClaimOf(content.BotId);
        waiters.Add(pass.Source.Key, key);
        var cached = BotClaim.Of(caches[ResourceTypes.Lease].Get(key));
        if (cached?.Holder is { } known && known.Instance != pass.Source.Key && caches[Kinds.Instance].Get(known.Instance)?.Uid == known.Uid)
        {
            return (null, Claimed(pass, content, known));
        }

        if (cached is null && await api.CreateAsync(TelegramManifest.Claim(key, ClaimHolder.Of(pass.Source), pass.Now), ct) is { } created)
        {
            caches[ResourceTypes.Lease].Remember(created);
            return (BotClaim.Of(created), null);
        }

        if (await api.GetAsync(ResourceTypes.Lease, key, ct) is not { } live || BotClaim.Of(live) is not { } claim)
        {
            return (null, Again($"The claim of bot {content.BotId} was given up at this moment; looking again."));
        }

        caches[ResourceTypes.Lease].Remember(live);
        return claim.IsHeldBy(pass.Source) ? (claim, null) : await MoveAsync(pass, content, claim, ct);
    }

    /// <summary>Takes a claim that nobody has any more, by compare-and-swap with what was read before the holder was looked for.</summary>
    private async ValueTask<(BotClaim? Claim, StepOutcome? Obstacle)> MoveAsync(InstancePass pass, FenceContent content, BotClaim claim, CancellationToken ct)
    {
        if (await HindranceAsync(pass, content, claim, ct) is { } hindrance)
        {
            return (null, hindrance);
        }

        if (await api.MergePatchAsync(claim.Source, TelegramManifest.Move(ClaimHolder.Of(pass.Source), pass.Now), ct) is not { } moved)
        {
            return (null, Again($"The claim of bot {content.BotId} changed at this moment; looking again."));
        }

        caches[ResourceTypes.Lease].Remember(moved);
        return (BotClaim.Of(moved), null);
    }

    /// <summary>Why the claim cannot be moved here; null when it can.</summary>
    private async ValueTask<StepOutcome?> HindranceAsync(InstancePass pass, FenceContent content, BotClaim claim, CancellationToken ct)
    {
        if (claim.IsFree)
        {
            return null;
        }

        if (claim.Holder is not { } holder)
        {
            return new StepOutcome.Blocked(TelegramReasons.ClaimUnreadable, $"Lease {claim.Source.Key.Name} in the operator's namespace has a holder that is no instance. Somebody who may has to delete it.");
        }

        if (holder.Instance == pass.Source.Key)
        {
            // Of an earlier instance of this name, which is gone if this one is live. Pods of one name are never there twice.
            return await IsLiveAsync(pass, ct) ? null : Again("This instance changed at this moment; looking again.");
        }

        return await StandingOfAsync(holder, ct) switch
        {
            HolderStanding.Gone => null,
            HolderStanding.LeftBehind => new StepOutcome.Progressing(
                TelegramReasons.ClaimLeftBehind,
                $"Bot {content.BotId} was claimed for {NameOf(pass, holder)}, which is gone, but a pod of it or its Secret {SecretOf(pass, holder)}is still there and may poll. This instance starts when both are gone.",
                ClaimCheck),
            _ => Claimed(pass, content, holder),
        };
    }

    private async ValueTask<bool> IsLiveAsync(InstancePass pass, CancellationToken ct) =>
        await api.GetAsync(Kinds.Instance, pass.Source.Key, ct) is { } live && live.Uid == pass.Source.Uid;

    private StepOutcome.Blocked Claimed(InstancePass pass, FenceContent content, ClaimHolder holder) => new(
        TelegramReasons.ClaimedByAnother,
        $"Bot {content.BotId} is claimed for {NameOf(pass, holder)}; a bot has one poller. Delete that instance or give it another token, and this one starts by itself; or give this one a bot of its own.")
    {
        LookAgain = ClaimCheck,
        StopsBecause = $"bot {content.BotId} is claimed for another instance",
    };

    private string NameOf(InstancePass pass, ClaimHolder holder) =>
        !IsVisible(pass, holder) ? "an instance in another namespace" : holder.Namespace == pass.Namespace ? $"instance {holder.Name}" : $"instance {holder.Instance}";

    private string SecretOf(InstancePass pass, ClaimHolder holder) => IsVisible(pass, holder) ? ObjectNames.TelegramSecret(holder.Name) + " " : "";
}
