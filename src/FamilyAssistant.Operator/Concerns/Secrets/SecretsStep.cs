using System.Diagnostics;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>
/// Credentials before anything else (runbook 4):
/// 1. everything that the instance names is there and well formed; otherwise the running pod keeps what it has and a change of the object wakes us;
/// 2. the generated keys exist; they are made once, when there is nothing of that name, and never again.
/// </summary>
internal sealed class SecretsStep(IClusterApi api, IEventRecorder events) : IInstanceStep
{
    /// <inheritdoc />
    public string Condition => ConditionTypes.SecretsValid;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        var picture = Observe(pass);
        var plan = SecretsPlan.Decide(pass.Spec, picture);
        var outcome = plan switch
        {
            SecretsPlan.Refuse(_, var finding) => Blocked(finding),
            SecretsPlan.Accept(_, var notes) => await EnsureGeneratedAsync(pass, ct)
                ?? new StepOutcome.Settled(SecretsReasons.Valid, string.Join(' ', notes)),
            _ => throw new UnreachableException(),
        };
        var secrets = SecretInventory.Of(pass.Name, pass.Spec, picture);
        return outcome with
        {
            Report = status => status with
            {
                Telegram = ((status.Telegram ?? new TelegramStatus()) with { BotId = plan.BotId }).OrNothing,
                Secrets = secrets.IsEmpty ? null : secrets,
            },
        };
    }

    private static SecretsPicture Observe(InstancePass pass)
    {
        return new SecretsPicture(
            pass.Spec.SecretRef is { } secret ? SecretOf(secret.Name) : null,
            pass.Spec.ConfigRef is { } config ? ConfigMapOf(config.Name) : null,
            SecretOf,
            ConfigMapOf);

        IReadOnlyDictionary<string, byte[]>? SecretOf(string name) => DataOf.Secret(pass.Observed.Find(ResourceTypes.Secret, name));
        IReadOnlyDictionary<string, byte[]>? ConfigMapOf(string name) => DataOf.ConfigMap(pass.Observed.Find(ResourceTypes.ConfigMap, name));
    }

    private async ValueTask<StepOutcome?> EnsureGeneratedAsync(InstancePass pass, CancellationToken ct)
    {
        var name = ObjectNames.GeneratedSecret(pass.Name);
        switch (GeneratedPlan.Decide(pass.Name, pass.Observed.Find(ResourceTypes.Secret, name)))
        {
            case GeneratedPlan.Keep:
                return null;
            case GeneratedPlan.Refuse(var finding):
                return Blocked(finding);
            case GeneratedPlan.Create when pass.Paused:
                return new StepOutcome.Blocked(CommonReasons.Paused, $"Secret {name} does not exist and is not made while the instance is paused.");
            case GeneratedPlan.Create:
                return await CreateAsync(pass, name, ct);
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Creates or finds: a taken name means that the cache was late, or that a stranger was faster; the live object decides which.</summary>
    private async ValueTask<StepOutcome?> CreateAsync(InstancePass pass, string name, CancellationToken ct)
    {
        var manifest = SecretsManifest.Generated(
            pass.Source.Key,
            SecretsManifest.NewRandom(),
            VapidKey.Generate(),
            SecretsManifest.NewRandom());
        if (await api.CreateAsync(manifest, ct) is { } created)
        {
            pass.Observed.Remember(created);
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.KeysGenerated, "Create", $"Secret {name} holds a new session secret and new Web Push keys.");
            return null;
        }

        if (await api.GetAsync(ResourceTypes.Secret, manifest.Key, ct) is not { } existing)
        {
            return new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {name} was deleted at this moment; looking again.", TimeSpan.FromSeconds(1));
        }

        pass.Observed.Remember(existing);
        return GeneratedPlan.Decide(pass.Name, existing) is GeneratedPlan.Refuse(var finding) ? Blocked(finding) : null;
    }

    private static StepOutcome.Blocked Blocked(Finding finding) => new(finding.Reason, finding.Message, finding.NeedsSpecChange);
}
