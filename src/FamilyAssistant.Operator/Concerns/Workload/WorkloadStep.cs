using System.Diagnostics;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>
/// The only writer of the workload (runbook 1):
/// 1. a manual installation of the same name is refused, or with the adopt annotation scaled to zero and waited for;
/// 2. the objects are as the spec says; a changed configuration is one rollout;
/// 3. what is no longer wanted goes;
/// 4. a pod that keeps a corrected template from being rolled out is removed;
/// 5. what StatefulSet and pods say of themselves becomes the condition.
/// </summary>
internal sealed partial class WorkloadStep(IClusterApi api, IPushSubscriptions subscriptions, IEventRecorder events) : IInstanceStep
{
    private readonly RolloutDebounce _debounce = new();

    /// <inheritdoc />
    public string Condition => ConditionTypes.WorkloadAvailable;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        var name = ObjectNames.Workload(pass.Name);
        var inputs = WorkloadInputs.Of(pass);
        var facts = new WorkloadFacts(
            pass.Name,
            pass.Source.Uid,
            pass.Replicas,
            pass.Adopt,
            RunningSet.Of(await ReadAsync(pass, ResourceTypes.StatefulSet, name, ct)),
            ManualInstallation.Of(await ReadAsync(pass, ResourceTypes.Deployment, name, ct)),
            inputs.Missing);
        var plan = WorkloadPlan.Decide(facts);
        var outcome = plan switch
        {
            WorkloadPlan.Refuse(var reason, var message) => new StepOutcome.Blocked(reason, message),
            _ when pass.Paused => Observe(pass, facts.Set),
            WorkloadPlan.TakeOver(var manual) => await TakeOverAsync(pass, manual, facts.Set, ct),
            WorkloadPlan.StopOnly(var set) => await StopAsync(pass, set, ct),
            WorkloadPlan.Apply(var starts) => await ApplyAsync(pass, inputs, facts, starts, ct),
            _ => throw new UnreachableException(),
        };
        return Annotated(pass, inputs, outcome);
    }

    private async ValueTask<StepOutcome> ApplyAsync(InstancePass pass, WorkloadInputs inputs, WorkloadFacts facts, bool starts, CancellationToken ct)
    {
        if (starts && await ManualPodsAsync(pass, facts.Manual, ct) is { Count: > 0 } pods)
        {
            return Waiting(pods);
        }

        if (facts is { Set: null, Replicas: > 0 } && await RestoreFirstAsync(pass, ct) is { } restore)
        {
            return new StepOutcome.Progressing(WorkloadReasons.HeldStopped, $"Not started yet: {restore}.");
        }

        var desired = WorkloadManifest.StatefulSet(inputs);
        var hash = ConfigHash.Of(inputs, AppEnvironment.Of(inputs));
        if (_debounce.Remaining(pass.Source.Key, facts.Set is { Replicas: > 0 } running ? running.ConfigHash : null, hash, pass.Now) is { Ticks: > 0 } wait)
        {
            return new StepOutcome.Progressing(WorkloadReasons.ConfigurationChanged, "A Secret or ConfigMap of the instance changed and is rolled out in a moment.", wait);
        }

        if (await EnsureAsync(pass, inputs, desired, ct) is { } obstacle)
        {
            return obstacle;
        }

        if (Decisions(facts, pass, hash) is var (reason, note))
        {
            events.Record(pass.Source, EventSeverity.Normal, reason, "Apply", note);
        }

        if (inputs.Debug.Ended is { } ended && DebugSwitches.AreOn(facts.Set?.Model.Spec?.Template?.Spec))
        {
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.DebugEnded, "Apply", $"Debug output is off: spec.debug.expiresAt, {ended}, is reached. Remove spec.debug at leisure.");
        }

        await TellOfPushKeysAsync(pass, facts.Set, inputs, ct);
        var set = RunningSet.Of(pass.Observed.Latest(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name)));
        await RemoveStuckPodAsync(pass, set, ct);
        return Observe(pass, set);
    }

    /// <summary>The first start of all. Instance and restore may have been applied in one moment, so the restores are asked for live; where their definition is missing there is none.</summary>
    private async ValueTask<string?> RestoreFirstAsync(InstancePass pass, CancellationToken ct)
    {
        try
        {
            return PendingRestore.Of(await api.ListAsync(Kinds.Restore, pass.Namespace, null, ct), pass.Name);
        }
        catch (ClusterApiException missing) when (missing.Reason == "NotFound")
        {
            return null;
        }
    }

    /// <summary>An instance of an operator that knew no fingerprint has none: nothing is said then.</summary>
    private async ValueTask TellOfPushKeysAsync(InstancePass pass, RunningSet? before, WorkloadInputs inputs, CancellationToken ct)
    {
        if (before?.Source.Annotations.GetValueOrDefault(WireNames.PushKeysAnnotation) is not { } known || known == PushKeys.Fingerprint(inputs))
        {
            return;
        }

        var count = await subscriptions.CountAsync(pass.Namespace, System.Text.Encoding.UTF8.GetString(inputs.Database![AppContract.DatabaseUrl]), ct);
        events.Record(pass.Source, EventSeverity.Warning, EventReasons.PushKeysChanged, "Apply", PushKeys.Consequence(count));
    }

    /// <summary>The StatefulSet before the Ingresses: an ingress controller that refuses or a name that is taken must not keep the bot from starting.</summary>
    private static async ValueTask<StepOutcome?> EnsureAsync(InstancePass pass, WorkloadInputs inputs, Manifest statefulSet, CancellationToken ct)
    {
        var key = pass.Source.Key;
        var ownAccount = WorkloadManifest.ServiceAccountName(inputs) == ObjectNames.Workload(pass.Name);
        var restricted = pass.Spec.NetworkPolicy is null or { Enabled: true };
        List<Manifest> core = [WorkloadManifest.Service(key), statefulSet];
        if (restricted)
        {
            core.Insert(0, AccessManifest.NetworkPolicy(key));
        }

        if (ownAccount)
        {
            core.Insert(0, WorkloadManifest.ServiceAccount(key));
        }

        var obstacle = await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, core) ?? await EnsureIngressesAsync(pass, ct);
        if (obstacle is not null)
        {
            return obstacle;
        }

        if (!restricted)
        {
            await pass.Objects.RemoveAsync(ResourceTypes.NetworkPolicy, ObjectNames.NetworkPolicy(pass.Name), ct);
        }

        if (!ownAccount)
        {
            await pass.Objects.RemoveAsync(ResourceTypes.ServiceAccount, ObjectNames.Workload(pass.Name), ct);
        }

        return null;
    }

    private static async ValueTask<StepOutcome?> EnsureIngressesAsync(InstancePass pass, CancellationToken ct)
    {
        StepOutcome? obstacle = null;
        if (pass.Spec.Web is { } web)
        {
            obstacle = await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, AccessManifest.Web(pass.Source.Key, web));
        }
        else
        {
            await pass.Objects.RemoveAsync(ResourceTypes.Ingress, ObjectNames.WebIngress(pass.Name), ct);
        }

        if (pass.Spec.Web?.Webhooks is { } webhooks)
        {
            return obstacle ?? await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, AccessManifest.Webhooks(pass.Source.Key, webhooks));
        }

        await pass.Objects.RemoveAsync(ResourceTypes.Ingress, ObjectNames.WebhooksIngress(pass.Name), ct);
        return obstacle;
    }

    private static StepOutcome Observe(InstancePass pass, RunningSet? set)
    {
        if (pass.Paused && set is null)
        {
            return new StepOutcome.Blocked(CommonReasons.Paused, "The StatefulSet does not exist and is not made while the instance is paused.");
        }

        var state = RolloutState.Of(set, Pods(pass), pass.Replicas);
        return state is StepOutcome.Settled && pass.StopBecause is { } reason ? new StepOutcome.Progressing(WorkloadReasons.HeldStopped, $"Stopped for a while: {reason}.") : state;
    }

    private static List<V1Pod> Pods(InstancePass pass) => [.. pass.Observed.PodsOf(Components.App).Select(pod => pod.Read<V1Pod>())];

    /// <summary>With what is true beside the outcome: who is served, what is logged, and when to look at the clock again.</summary>
    private static StepOutcome Annotated(InstancePass pass, WorkloadInputs inputs, StepOutcome outcome)
    {
        var report = Report(pass);
        var meant = BotToken.Of(inputs.Secret) is BotToken.WellFormed ? ServedUsers.Of(pass.Spec.Telegram, inputs.Secret) : null;
        var users = UsersInForce.Of(meant, Pods(pass), pass.Instance.Status?.Telegram?.AllowedUsers, pass.Now);
        var template = pass.Observed.Latest(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name)) is { Json.IsEmpty: false } own ? RunningSet.Of(own)?.Model.Spec?.Template?.Spec : null;
        return outcome with
        {
            Message = outcome.Message + inputs.Debug.Note(DebugSwitches.AreOn(template)) + users.Note,
            LookAgain = inputs.Debug.LookAgain(pass.Now),
            Report = status => report(status) with { Telegram = ((status.Telegram ?? new TelegramStatus()) with { AllowedUsers = users.Status }).OrNothing },
        };
    }

    private static Func<InstanceStatus, InstanceStatus> Report(InstancePass pass)
    {
        // Of a stranger's the cache keeps no more than the name.
        var set = pass.Observed.Latest(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name)) is { Json.IsEmpty: false } own ? RunningSet.Of(own) : null;
        var image = RunningImage.Of(Pods(pass));
        return status => status with
        {
            Replicas = set?.Model.Status?.Replicas ?? 0,
            Selector = WorkloadManifest.SelectorText(pass.Name),
            Url = AppEnvironment.Url(pass.Spec),

            // Between two pods the last image that ran stays: blanking it would be a write without news.
            Image = image?.Reference ?? status.Image,
            Version = image?.Version ?? status.Version,
        };
    }

    /// <summary>What a person would want to know of this write; null when nothing of that kind changed.</summary>
    private static (string Reason, string Note)? Decisions(WorkloadFacts facts, InstancePass pass, string hash) => facts.Set switch
    {
        null when pass.Replicas > 0 => (EventReasons.Started, $"StatefulSet {ObjectNames.Workload(facts.Instance)} starts {pass.Spec.Image}."),
        { } set when set.Image != pass.Spec.Image => (EventReasons.ImageChanged, $"The image changes from {set.Image} to {pass.Spec.Image}."),
        { } set when set.Replicas != pass.Replicas => (EventReasons.Scaled, $"The number of pods changes from {set.Replicas} to {pass.Replicas}{(pass.StopBecause is { } reason ? $" for a while: {reason}" : "")}."),
        { } set when set.ConfigHash != hash => (EventReasons.ConfigurationRolledOut, "A Secret or ConfigMap of the instance changed; the pod is replaced once."),
        _ => null,
    };

    /// <summary>From the cache; live where the cache keeps no more than the name of an object that is not ours.</summary>
    private async ValueTask<ClusterObject?> ReadAsync(InstancePass pass, ResourceType type, string name, CancellationToken ct) =>
        pass.Observed.Find(type, name) switch
        {
            { Json.IsEmpty: true } foreign => await api.GetAsync(type, foreign.Key, ct),
            var found => found,
        };
}
