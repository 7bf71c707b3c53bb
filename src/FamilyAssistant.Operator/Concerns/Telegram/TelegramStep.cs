using System.Diagnostics;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Telegram;

/// <summary>
/// One poller per bot (runbook 4.4). Always true, whoever dies or writes between two requests: the fence Secret holds a token only while this instance holds the claim of
/// that bot, and a claim is given up only when the fence is gone and no pod of the instance is left.
/// 1. The token changed or went: what runs is stopped, the fence goes, the claim goes.
/// 2. There is a token: nobody else in the namespace has it, the claim is taken by compare-and-swap, the fence is filled.
/// 3. Both are so: nothing is asked of anybody. A poller that nobody here started is told of.
/// </summary>
internal sealed partial class TelegramStep(TelegramOptions options, TelegramWaiters waiters, ICaches caches, IClusterApi api, IConflictMonitor conflicts, IEventRecorder events)
    : IInstanceStep
{
    /// <summary>What is being written by two at once, or is on its way through a cache, is looked at again.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Pods of others are in no cache.</summary>
    private static readonly TimeSpan PodCheck = TimeSpan.FromSeconds(3);

    /// <summary>Pods of others that nobody is ending may stay for days.</summary>
    private static readonly TimeSpan StandingPodCheck = TimeSpan.FromSeconds(15);

    /// <summary>A claim of another instance is watched; this is for a watch that is late. While the caches say that it is held, it costs no request.</summary>
    private static readonly TimeSpan ClaimCheck = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public string Condition => ConditionTypes.TelegramExclusive;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        var picture = TelegramPicture.Of(pass, caches, options);
        var plan = TelegramPlan.Decide(picture);
        if (plan is not TelegramPlan.Acquire)
        {
            waiters.Remove(pass.Source.Key);
        }

        var outcome = plan switch
        {
            TelegramPlan.Rest(var rest) => rest,
            TelegramPlan.Hold(var content) => await HoldAsync(pass, picture, content, ct),
            _ when pass.Paused => new StepOutcome.Blocked(CommonReasons.Paused, "The bot token is not handed out or taken away while the instance is paused."),
            TelegramPlan.Stop(var reason, var why) => Stopping(reason, why),
            TelegramPlan.Release(var kept) => await ReleaseAsync(pass, picture, kept, ct),
            TelegramPlan.Acquire(var content) => await AcquireAsync(pass, picture, content, ct),
            TelegramPlan.Confirm(var content, var fence) => await ConfirmAsync(pass, picture, content, fence, ct),
            TelegramPlan.Amend(var content, var fence) => await AmendAsync(pass, picture, content, fence, ct),
            _ => throw new UnreachableException(),
        };
        return outcome with { Report = Report(pass, picture.Wanted?.BotId) };
    }

    /// <summary>The claim is held and the token handed out. A start is the moment to look for pods that nobody here manages.</summary>
    private async ValueTask<StepOutcome> HoldAsync(InstancePass pass, TelegramPicture picture, FenceContent content, CancellationToken ct) =>
        await OthersAsync(pass, picture, ct)
        ?? (StepOutcome?)ConflictOf(pass, content.BotId)
        ?? new StepOutcome.Settled(TelegramReasons.ClaimHeld, $"Bot {content.BotId} is claimed for this instance (Lease {ObjectNames.BotClaim(content.BotId)} of the operator's namespace).");

    private async ValueTask<StepOutcome?> OthersAsync(InstancePass pass, TelegramPicture picture, CancellationToken ct)
    {
        // While a takeover still has to scale the Deployment down it needs this gate open; it starts nothing in that pass.
        if (!picture.Starts || picture.TakeoverIsDue)
        {
            return null;
        }

        var secret = pass.Spec.SecretRef!.Name;
        var others = OtherPollers.Of(await api.ListAsync(ResourceTypes.Pod, pass.Namespace, null, ct), pass.Name, secret);
        return others.Count == 0
            ? null
            : new StepOutcome.Progressing(
                TelegramReasons.ManualPollerRunning,
                $"Pod {OtherPollers.Names(others)} is not this instance's and may poll the same bot, with the token of Secret {secret} for instance. Stop it; the instance starts when it is gone.",
                pass.Adopt || others.Any(pod => pod.IsTerminating) ? PodCheck : StandingPodCheck);
    }

    private async ValueTask<StepOutcome> AmendAsync(InstancePass pass, TelegramPicture picture, FenceContent content, Fence fence, CancellationToken ct)
    {
        if (await api.MergePatchAsync(fence.Source, TelegramManifest.Fill(pass.Source, content), ct) is not { } written)
        {
            return Again($"Secret {fence.Source.Key.Name} changed at this moment; looking again.");
        }

        pass.Observed.Remember(written);
        return await HoldAsync(pass, picture, content, ct);
    }

    private static StepOutcome.Progressing Stopping(string reason, string why) => new(reason, $"Stopped for a while: {why}. It goes on when the last pod is gone.") { StopsBecause = why };

    private static StepOutcome.Progressing Again(string message) => new(TelegramReasons.Claiming, message, Soon);

    /// <summary>What status says of the claim; the bot itself is said by the concern that checks the Secret.</summary>
    private Func<InstanceStatus, InstanceStatus> Report(InstancePass pass, string? botId)
    {
        var holder = botId is null ? null : BotClaim.Of(caches[ResourceTypes.Lease].Get(options.ClaimOf(botId)))?.Holder;
        return status => status with
        {
            Telegram = ((status.Telegram ?? new TelegramStatus()) with
            {
                Claim = holder is null ? null : ObjectNames.BotClaim(botId!),
                HeldBy = holder is null ? null : IsVisible(pass, holder) ? holder.Instance.ToString() : "another namespace",
            }).OrNothing,
        };
    }

    /// <summary>A tenant is not told of instances in namespaces that are none of its business.</summary>
    private bool IsVisible(InstancePass pass, ClaimHolder holder) => options.ShowClaimHolders || holder.Namespace == pass.Namespace;
}
