using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>The next thing to do about an instance's bot. From the caches: whatever cannot be undone is looked at live before it is done.</summary>
internal abstract record TelegramPlan
{
    private TelegramPlan()
    {
    }

    /// <summary>Nothing to do, or nothing that can be done.</summary>
    internal sealed record Rest(StepOutcome Outcome) : TelegramPlan;

    /// <summary>Something of the instance runs that has to be gone first.</summary>
    /// <param name="Reason">Reason of the condition.</param>
    /// <param name="Why">Why, as the end of "Stopped for a while: …".</param>
    internal sealed record Stop(string Reason, string Why) : TelegramPlan;

    /// <summary>Nothing runs: take the token away, then give up the claims.</summary>
    /// <param name="Kept">The bot whose claim is kept, because the token of after is that bot's too.</param>
    internal sealed record Release(string? Kept) : TelegramPlan;

    /// <summary>Take the claim, then hand out the token.</summary>
    internal sealed record Acquire(FenceContent Content) : TelegramPlan;

    /// <summary>The token is handed out, and the caches do not know whose the claim is: look.</summary>
    internal sealed record Confirm(FenceContent Content, Fence Fence) : TelegramPlan;

    /// <summary>The claim is held; what stands beside the token changed.</summary>
    internal sealed record Amend(FenceContent Content, Fence Fence) : TelegramPlan;

    /// <summary>The claim is held and the token handed out.</summary>
    internal sealed record Hold(FenceContent Content) : TelegramPlan;

    /// <summary>Pure decision.</summary>
    public static TelegramPlan Decide(TelegramPicture picture)
    {
        if (Obstacle(picture) is { } obstacle)
        {
            return new Rest(obstacle);
        }

        if (picture.Wanted is not { } wanted)
        {
            return picture.Held.Count == 0 && picture.Fence?.IsLabelled(picture.Instance.Key.Name) != true
                ? new Rest(new StepOutcome.Settled(TelegramReasons.NoBot, "No bot token: Telegram is off."))
                : Leave(picture, "the bot token was removed", null);
        }

        if (picture.HoldsOthers || (picture.Fence is { Token: not null } old && !old.HasTokenOf(wanted)))
        {
            return Leave(picture, "the bot token changed", wanted.BotId);
        }

        if (picture.Fence is { } fence && fence.HasTokenOf(wanted))
        {
            return picture.HoldsWanted
                ? fence.IsComplete(wanted, picture.Instance) ? new Hold(wanted) : new Amend(wanted, fence)
                : new Confirm(wanted, fence);
        }

        return picture is { Runs: true, HoldsWanted: false }
            ? new Stop(TelegramReasons.StartedUnclaimed, $"the pods were started without the claim of bot {wanted.BotId}")
            : new Acquire(wanted);
    }

    private static TelegramPlan Leave(TelegramPicture picture, string why, string? kept) =>
        picture.Runs ? new Stop(TelegramReasons.TokenChanged, why) : new Release(kept);

    private static StepOutcome? Obstacle(TelegramPicture picture)
    {
        if (picture.Fence is not { } fence)
        {
            return null;
        }

        var name = ObjectNames.TelegramSecret(picture.Instance.Key.Name);
        if (!fence.IsOf(picture.Instance) && !fence.IsLabelled(picture.Instance.Key.Name))
        {
            // Without a token nothing is wanted of that name.
            return picture.Wanted is null
                ? null
                : new StepOutcome.Blocked(CommonReasons.NameConflict, $"Secret {name} exists and does not belong to this instance. Remove or rename it: the operator keeps the bot token in a Secret of that name.");
        }

        return fence.Source.IsTerminating || !fence.IsOf(picture.Instance)
            ? new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {name} is being deleted; it is made anew when it is gone.", TimeSpan.FromSeconds(5))
            : null;
    }
}
