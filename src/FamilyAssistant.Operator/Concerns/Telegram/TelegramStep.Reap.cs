using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>Claims of instances that are gone.</summary>
internal sealed partial class TelegramStep
{
    /// <summary>Gives up the claims of an instance that does not exist, unless something of it may still poll. Asks nothing while the caches know of no such claim.</summary>
    /// <returns>Whether a claim has to stay for now.</returns>
    public async ValueTask<bool> ReapAsync(ObjectKey instance, CancellationToken ct)
    {
        waiters.Remove(instance);
        var stays = false;
        foreach (var cached in TelegramPicture.HeldBy(instance, caches, options))
        {
            // Read before the holder is looked for: what changes in between keeps the delete from hitting anything.
            if (BotClaim.Of(await api.GetAsync(ResourceTypes.Lease, cached.Source.Key, ct)) is not { Holder: { } holder } claim || holder.Instance != instance)
            {
                continue;
            }

            if (await StandingOfAsync(holder, ct) == HolderStanding.Gone && await api.DeleteUnchangedAsync(claim.Source, ct))
            {
                caches[ResourceTypes.Lease].Forget(claim.Source);
            }
            else
            {
                stays = true;
            }
        }

        return stays;
    }

    /// <summary>Whether a holder is there, or anything of it that may poll. What cannot be seen counts as there.</summary>
    private async ValueTask<HolderStanding> StandingOfAsync(ClaimHolder holder, CancellationToken ct)
    {
        try
        {
            // An instance of the same name is its successor and gives up what it does not want by itself.
            if (await api.GetAsync(Kinds.Instance, holder.Instance, ct) is not null)
            {
                return HolderStanding.There;
            }

            return await api.GetAsync(ResourceTypes.Secret, new ObjectKey(holder.Namespace, ObjectNames.TelegramSecret(holder.Name)), ct) is { } secret && Fence.Of(secret)!.IsLabelled(holder.Name)
                || OtherPollers.OfFence(await api.ListAsync(ResourceTypes.Pod, holder.Namespace, null, ct), holder.Name).Count > 0
                ? HolderStanding.LeftBehind
                : HolderStanding.Gone;
        }
        catch (ClusterApiException)
        {
            // A server in trouble, or a namespace that is not this operator's any more. Its words would name that namespace to another tenant.
            return HolderStanding.There;
        }
    }
}
