using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// Giving claims up: (1) they are read, (2) the StatefulSet is at zero and its controller has seen that, (3) the fence is gone, so that no container can get the token any more, (4) no pod that
/// may have got it before is left, (5) exactly the Leases that were read are deleted. All of it live.
/// </summary>
internal sealed partial class TelegramStep
{
    /// <summary>Gives up every claim of a deleted instance whose pods are gone. What is still waited for; null when nothing is.</summary>
    /// <remarks>Creates nothing, and takes from the caches no more than hints where to look: it works in a terminating namespace, and while the claims cannot be watched.</remarks>
    public async ValueTask<string?> ReleaseForDeletionAsync(InstancePass pass, CancellationToken ct)
    {
        waiters.Remove(pass.Source.Key);
        var held = TelegramPicture.HeldBy(pass.Source.Key, caches, options);
        var cached = Fence.Of(pass.Observed.Find(ResourceTypes.Secret, ObjectNames.TelegramSecret(pass.Name)));
        var told = pass.Instance.Status?.Telegram?.BotId;
        if (held.Count == 0 && cached is null && told is null)
        {
            return null;
        }

        var fence = Fence.Of(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, ObjectNames.TelegramSecret(pass.Name)), ct));
        string?[] bots = [.. held.Select(claim => claim.BotId), fence?.BotId, told];
        return await GiveUpAsync(pass, [.. bots.OfType<string>().Distinct()], ct) is { } obstacle ? obstacle.Message : null;
    }

    private async ValueTask<StepOutcome> ReleaseAsync(InstancePass pass, TelegramPicture picture, string? kept, CancellationToken ct)
    {
        // What is known of a conflict was about the token that goes.
        conflicts.Renew(pass.Source.Key);
        string?[] bots = [.. picture.Held.Select(claim => claim.BotId), picture.Fence?.BotId];
        return await GiveUpAsync(pass, [.. bots.OfType<string>().Where(bot => bot != kept).Distinct()], ct)
            ?? new StepOutcome.Progressing(TelegramReasons.TokenChanged, "Nothing has the token of before any more; it goes on with what the Secret says now.", Soon);
    }

    private async ValueTask<StepOutcome?> GiveUpAsync(InstancePass pass, IReadOnlyList<string> bots, CancellationToken ct)
    {
        var claims = await HeldLiveAsync(pass, bots, ct);
        var set = await api.GetAsync(ResourceTypes.StatefulSet, new ObjectKey(pass.Namespace, ObjectNames.Workload(pass.Name)), ct);
        if (ApplicationSet.Of(set, pass.Source) is { IsAtZero: false })
        {
            return Stopping(TelegramReasons.TokenChanged, "StatefulSet " + set!.Key.Name + " still has or wants pods");
        }

        if (await RemoveFenceAsync(pass, ct) is { } obstacle)
        {
            return obstacle;
        }

        if (OtherPollers.OfFence(await api.ListAsync(ResourceTypes.Pod, pass.Namespace, null, ct), pass.Name) is { Count: > 0 } pods)
        {
            var why = $"pod {OtherPollers.Names(pods)} may have the token of before";
            return new StepOutcome.Progressing(TelegramReasons.TokenChanged, $"Stopped for a while: {why}. It goes on when the last pod is gone.", PodCheck) { StopsBecause = why };
        }

        foreach (var claim in claims)
        {
            if (!await api.DeleteUnchangedAsync(claim.Source, ct))
            {
                return Again($"The claim of bot {claim.BotId} changed at this moment; looking again.");
            }

            caches[ResourceTypes.Lease].Forget(claim.Source);
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.BotReleased, "Release", $"Bot {claim.BotId} is free for others: no pod of this instance polls it any more.");
        }

        return null;
    }

    /// <summary>The claims of these bots that this instance holds, or that an earlier instance of its name left. A pass over an instance that is gone must not take its successor's.</summary>
    private async ValueTask<IReadOnlyList<BotClaim>> HeldLiveAsync(InstancePass pass, IReadOnlyList<string> bots, CancellationToken ct)
    {
        var claims = new List<BotClaim>();
        foreach (var bot in bots)
        {
            if (BotClaim.Of(await api.GetAsync(ResourceTypes.Lease, options.ClaimOf(bot), ct)) is { } claim
                && (claim.IsHeldBy(pass.Source) || (claim.IsHeldUnderNameOf(pass.Source.Key) && await IsLiveAsync(pass, ct))))
            {
                claims.Add(claim);
            }
        }

        return claims;
    }

    private async ValueTask<StepOutcome?> RemoveFenceAsync(InstancePass pass, CancellationToken ct)
    {
        var key = new ObjectKey(pass.Namespace, ObjectNames.TelegramSecret(pass.Name));
        if (Fence.Of(await api.GetAsync(ResourceTypes.Secret, key, ct)) is not { } fence || !fence.IsLabelled(pass.Name))
        {
            return null;
        }

        if (!fence.IsOf(pass.Source))
        {
            return new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {key.Name} is of another instance of this name, and is looked at again when it is gone.", PodCheck);
        }

        await api.DeleteAsync(fence.Source, ct);
        caches[ResourceTypes.Secret].Forget(fence.Source);

        // Somebody's finalizer keeps a deleted Secret readable, for pods too.
        return await api.GetAsync(ResourceTypes.Secret, key, ct) is null
            ? null
            : new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {key.Name} is being deleted; the claim of its bot is given up when it is gone.", PodCheck);
    }
}
