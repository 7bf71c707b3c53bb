using System.Diagnostics;
using System.Security.Cryptography;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>
/// A database that can hold the application:
/// 1. external: nobody older uses it, and its credentials are well formed; managed: the server's objects are as they should be and its pod is ready;
/// 2. the application's Secret holds its URL;
/// 3. the latest look at it found it usable.
/// Until then the gate is closed: what runs keeps the Secret and the database that it has.
/// </summary>
internal sealed class DatabaseStep(
    IDatabaseMonitor monitor, DatabaseClaims claims, DatabaseWaiters waiters, DatabaseOptions options, ICaches caches, IClusterApi api, IEventRecorder events) : IInstanceStep
{
    private const string PasswordCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int PasswordLength = 40;

    /// <summary>A server that is well answers in a fraction of this; one that is not must not hold a worker.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public string Condition => ConditionTypes.DatabaseReady;

    /// <inheritdoc />
    public async ValueTask<StepOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct) => pass.Spec.Database switch
    {
        _ when DatabaseKind.Changed(pass) is { } refusal => refusal,
        { External: { } external, Managed: null } => await ExternalAsync(pass, external, ct),
        { External: null, Managed: { } managed } => await ManagedAsync(pass, managed, ct),
        _ => new StepOutcome.Blocked(CommonReasons.InvalidSpec, "spec.database: name exactly one of external and managed.", NeedsSpecChange: true),
    };

    private async ValueTask<StepOutcome> ExternalAsync(InstancePass pass, ExternalDatabaseSpec spec, CancellationToken ct)
    {
        var holder = claims.HolderBefore(pass.Source, caches[Kinds.Instance].List(""));
        if (holder is not null)
        {
            waiters.Add(pass.Source.Key);
        }

        var credentials = DatabaseCredentials.Read(spec.CredentialsSecretRef, DataOf.Secret(pass.Observed.Find(ResourceTypes.Secret, spec.CredentialsSecretRef.Name)));
        var self = ObjectIdentity.Of(pass.Source, pass.Instance.Metadata.CreationTimestamp);
        switch (DatabasePlan.Decide(self, spec, credentials, holder))
        {
            case DatabasePlan.Refuse(var outcome):
                // Not even a look: the credentials of before may be the reason for the change.
                monitor.Forget(pass.Source.Key);
                return outcome;
            case DatabasePlan.Connect(var target):
                return await HandOutAsync(pass, target, ct) ?? await LookAsync(pass, target, ct);
            default:
                throw new UnreachableException();
        }
    }

    private async ValueTask<StepOutcome> ManagedAsync(InstancePass pass, ManagedDatabaseSpec spec, CancellationToken ct)
    {
        var picture = ManagedServerPicture.Of(pass);
        var plan = ManagedDatabasePlan.Decide(pass.Name, spec, picture);
        if (plan is ManagedDatabasePlan.GeneratePassword)
        {
            plan = await GenerateAsync(pass, spec, picture, ct);
        }

        return plan switch
        {
            ManagedDatabasePlan.Refuse(var outcome) => outcome,
            ManagedDatabasePlan.Serve serve => await ServeAsync(pass, spec, serve, ct),
            _ => new StepOutcome.Blocked(CommonReasons.Paused, $"Secret {picture.SecretName} does not exist and is not made while the instance is paused."),
        };
    }

    private async ValueTask<StepOutcome> ServeAsync(InstancePass pass, ManagedDatabaseSpec spec, ManagedDatabasePlan.Serve serve, CancellationToken ct)
    {
        var key = pass.Source.Key;
        var target = DatabasePlan.Managed(pass.Namespace, pass.Name, serve.Password);
        var obstacle = await EnsureClaimAsync(pass, spec, serve, ct)
            ?? await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, ManagedDatabaseManifest.ServiceAccount(key), ManagedDatabaseManifest.Service(key))
            ?? await GuardAsync(pass, ct)
            ?? await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, ManagedDatabaseManifest.StatefulSet(key, pass.Spec, spec))
            ?? await HandOutAsync(pass, target, ct);
        return obstacle ?? ServerPods.Obstacle(pass) ?? await LookAsync(pass, target, ct);
    }

    private static async ValueTask<StepOutcome?> EnsureClaimAsync(InstancePass pass, ManagedDatabaseSpec spec, ManagedDatabasePlan.Serve serve, CancellationToken ct)
    {
        var claim = ManagedDatabaseManifest.Claim(pass.Source.Key, spec, serve.Size);
        try
        {
            return await pass.Objects.EnsureAsync(ObjectLifetime.Retained, ct, claim);
        }
        catch (ClusterApiException refusal) when (serve.Grows && refusal.Class is ErrorClass.Terminal or ErrorClass.Invalid)
        {
            return new StepOutcome.Blocked(
                DatabaseReasons.ExpansionRefused,
                $"PersistentVolumeClaim {claim.Key.Name} cannot grow to {serve.Size}: {refusal.Message} Allow it in the storage class (allowVolumeExpansion), or set spec.database.managed.storage back to {serve.Before}.");
        }
    }

    private async ValueTask<StepOutcome?> GuardAsync(InstancePass pass, CancellationToken ct)
    {
        if (pass.Spec.NetworkPolicy is not { Enabled: false })
        {
            return await pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, ManagedDatabaseManifest.NetworkPolicy(pass.Source.Key, options));
        }

        await pass.Objects.RemoveAsync(ResourceTypes.NetworkPolicy, ObjectNames.ManagedDatabase(pass.Name), ct);
        return null;
    }

    /// <summary>
    /// Makes the password, once. Before that a live look for the volume: a cache that is late must not give a volume a password that does not open it.
    /// A taken name means that the cache was late about the Secret; then the live one counts.
    /// </summary>
    private async ValueTask<ManagedDatabasePlan> GenerateAsync(InstancePass pass, ManagedDatabaseSpec spec, ManagedServerPicture picture, CancellationToken ct)
    {
        if (pass.Paused)
        {
            return new ManagedDatabasePlan.GeneratePassword();
        }

        var claim = await api.GetAsync(ResourceTypes.PersistentVolumeClaim, new ObjectKey(pass.Namespace, ObjectNames.ManagedDatabaseClaim(pass.Name)), ct);
        var manifest = ManagedDatabaseManifest.Password(pass.Source.Key, RandomNumberGenerator.GetString(PasswordCharacters, PasswordLength));
        var created = claim is null ? await api.CreateAsync(manifest, ct) : null;
        var secret = created ?? await api.GetAsync(ResourceTypes.Secret, manifest.Key, ct);
        if (created is not null)
        {
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.DatabasePasswordGenerated, "Create", $"Secret {manifest.Key.Name} holds the password of the new database. Keep it for as long as you keep PersistentVolumeClaim {ObjectNames.ManagedDatabaseClaim(pass.Name)}: nothing else opens that database.");
        }

        if (secret is not null)
        {
            pass.Observed.Remember(secret);
        }

        var plan = ManagedDatabasePlan.Decide(pass.Name, spec, picture with { Secret = secret, Claim = claim });
        return plan is ManagedDatabasePlan.GeneratePassword
            ? new ManagedDatabasePlan.Refuse(new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"Secret {manifest.Key.Name} was deleted at this moment; looking again.", TimeSpan.FromSeconds(1)))
            : plan;
    }

    private static ValueTask<StepOutcome?> HandOutAsync(InstancePass pass, DatabaseTarget target, CancellationToken ct) =>
        pass.Objects.EnsureAsync(ObjectLifetime.Instance, ct, DatabaseManifest.Url(pass.Source.Key, target));

    private async ValueTask<StepOutcome> LookAsync(InstancePass pass, DatabaseTarget target, CancellationToken ct)
    {
        var observation = await monitor.ObserveAsync(pass.Source.Key, target with { Incarnation = ServerPods.Incarnation(pass) }, Patience, ct);
        var outcome = DatabaseVerdict.Of(observation, target, pass.Spec.Database);
        return observation is DatabaseObservation.Available available
            ? outcome with { Report = status => status with { Database = StatusOf(available) } }
            : outcome;
    }

    private static DatabaseStatus StatusOf(DatabaseObservation.Available available) => new()
    {
        ServerVersion = available.ServerVersion,
        Revision = available.Revisions is { Count: > 0 } revisions ? Bounded(string.Join(',', revisions)) : null,
    };

    private static string Bounded(string text) => text.Length <= 256 ? text : text[..256];
}
