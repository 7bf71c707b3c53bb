using System.Diagnostics;
using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Storage;

/// <summary>
/// A pod without its volume would write to nowhere (runbook 5.4):
/// 1. the claim exists, the own one or the one that the spec names;
/// 2. it grows when the spec does; it is never asked to shrink or to change what is immutable;
/// 3. a claim that waits for its first pod is ready enough: the pod is what it waits for.
/// </summary>
internal sealed class StorageStep(IClusterApi api) : IInstanceStep
{
    /// <inheritdoc />
    public string Condition => ConditionTypes.StorageReady;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        var name = pass.Spec.Storage.ExistingClaim ?? ObjectNames.DataClaim(pass.Name);
        var found = pass.Observed.Find(ResourceTypes.PersistentVolumeClaim, name);

        // Of somebody else's claim the cache may keep no more than the name.
        var claim = DataClaim.Of(found is { Json.IsEmpty: true } ? await api.GetAsync(found.Type, found.Key, ct) : found);
        var outcome = StoragePlan.Decide(pass.Name, pass.Spec, claim, pass.Observed.PodsOf(Components.App).Any(), MountedClaim(pass)) switch
        {
            StoragePlan.Refuse(var reason, var message, var needsSpecChange) => new StepOutcome.Blocked(reason, message, needsSpecChange),
            StoragePlan.Wait(var message) => new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, message),
            StoragePlan.Use use => State(use.Name, use.Claim),
            StoragePlan.Ensure ensure => await EnsureAsync(pass, ensure, ct),
            _ => throw new UnreachableException(),
        };
        return outcome with { Report = status => status with { Storage = claim?.Capacity is { } capacity ? new StorageStatus { Capacity = capacity.ToString() } : null } };
    }

    private static string? MountedClaim(InstancePass pass) =>
        pass.Observed.Find(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name)) is { Json.IsEmpty: false } set && set.ControllerUid == pass.Source.Uid
            ? set.Read<V1StatefulSet>().Spec?.Template?.Spec?.Volumes?.Select(volume => volume.PersistentVolumeClaim?.ClaimName).FirstOrDefault(claim => claim is not null)
            : null;

    private static async ValueTask<StepOutcome> EnsureAsync(InstancePass pass, StoragePlan.Ensure plan, CancellationToken ct)
    {
        if (plan.Claim is null && pass.Paused)
        {
            return new StepOutcome.Blocked(CommonReasons.Paused, $"PersistentVolumeClaim {plan.Name} does not exist and is not made while the instance is paused.");
        }

        try
        {
            var manifest = StorageManifest.Claim(pass.Source.Key, pass.Spec.Storage, plan);
            return await pass.Objects.EnsureAsync(ObjectLifetime.Retained, ct, manifest)
                ?? State(plan.Name, DataClaim.Of(pass.Observed.Latest(ResourceTypes.PersistentVolumeClaim, plan.Name)));
        }
        catch (ClusterApiException refusal) when (plan.Grows && refusal.Status is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
        {
            return new StepOutcome.Blocked(
                StorageReasons.ExpansionRefused,
                $"PersistentVolumeClaim {plan.Name} cannot grow to {plan.Size}: {refusal.Message} Allow it in the storage class (allowVolumeExpansion), or set spec.storage.size back to {plan.Claim!.Request}.");
        }
    }

    private static StepOutcome.Settled State(string name, DataClaim? claim) => claim switch
    {
        { Phase: "Bound", IsResizing: true } => new StepOutcome.Settled(StorageReasons.Growing, $"PersistentVolumeClaim {name} is bound and growing to {claim.Request}; if it stays so, restart the pod for the file system to follow."),
        { Phase: "Bound" } => new StepOutcome.Settled(StorageReasons.Bound, $"PersistentVolumeClaim {name} is bound."),
        _ => new StepOutcome.Settled(StorageReasons.WaitsForFirstPod, $"PersistentVolumeClaim {name} waits for its first pod. If it stays Pending while the pod waits, see kubectl describe pvc {name}{(claim?.StorageClass is { } named ? $" (storage class {named})" : "")}."),
    };
}
