using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>The fence holds the token, so the claim should be held; the caches do not say so: they are late, or somebody changed or deleted the Lease by hand.</summary>
internal sealed partial class TelegramStep
{
    private async ValueTask<StepOutcome> ConfirmAsync(InstancePass pass, TelegramPicture picture, FenceContent content, Fence fence, CancellationToken ct)
    {
        var key = options.ClaimOf(content.BotId);
        var live = await api.GetAsync(ResourceTypes.Lease, key, ct) ?? await api.CreateAsync(TelegramManifest.Claim(key, ClaimHolder.Of(pass.Source), pass.Now), ct);
        if (BotClaim.Of(live) is not { } claim)
        {
            return Again($"The claim of bot {content.BotId} changed at this moment; looking again.");
        }

        caches[ResourceTypes.Lease].Remember(claim.Source);
        if (claim.IsFree || (claim.IsHeldUnderNameOf(pass.Source.Key) && !claim.IsHeldBy(pass.Source)))
        {
            (var moved, var obstacle) = await MoveAsync(pass, content, claim, ct);
            if (moved is null)
            {
                return obstacle!;
            }
        }
        else if (!claim.IsHeldBy(pass.Source))
        {
            return picture.Runs
                ? Stopping(TelegramReasons.ClaimLost, $"the claim of bot {content.BotId} is another's now, and the pods have to be gone before this instance may ask for it again")
                : await ReleaseAsync(pass, picture, null, ct);
        }

        return fence.IsComplete(content, pass.Source) ? await HoldAsync(pass, picture, content, ct) : await AmendAsync(pass, picture, content, fence, ct);
    }
}
