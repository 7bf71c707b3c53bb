using System.Text;
using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>Names of the marks on owned objects; contracts of the operator that uses the runtime.</summary>
/// <param name="AppliedAnnotation">Annotation with the hash of the last applied manifest.</param>
/// <param name="OwnerLabel">Label with the owner's name.</param>
/// <param name="ManagedByLabel">Label with the operator's name.</param>
/// <param name="ManagedByValue">Its value.</param>
public sealed record OwnershipOptions(string AppliedAnnotation, string OwnerLabel, string ManagedByLabel, string ManagedByValue);

/// <summary>Carries out what <see cref="OwnedPlan"/> decides.</summary>
internal sealed class OwnedObjects(IClusterApi api, ICaches caches, OwnershipOptions names) : IOwnedObjects
{
    public async Task<EnsureResult> EnsureAsync(ClusterObject owner, Manifest manifest, bool owned, bool adopt, CancellationToken ct)
    {
        var marks = Marks(owner, owned);
        var decorated = Decorated.Create(manifest, owner, marks);
        var seen = caches[manifest.Type].Get(manifest.Key);
        var plan = OwnedPlan.Decide(seen, decorated, marks, adopt);
        if (plan is OwnedPlan.Create)
        {
            if (await CreateAsync(decorated, marks, ct) is { } created)
            {
                return created;
            }

            // The cache did not know it yet: somebody has an object of that name.
            seen = await api.GetAsync(manifest.Type, manifest.Key, ct)
                ?? throw new ClusterApiException(ErrorClass.Conflict, null, "Conflict", $"{manifest.Type.Kind} {manifest.Key} came and went while it was being created.");
            plan = OwnedPlan.Decide(seen, decorated, marks, adopt);
        }

        if (plan is OwnedPlan.Foreign && marks.IsOfEarlierOwner(seen!, owner.Type))
        {
            return await InheritAsync(owner, seen!, decorated, marks, ct);
        }

        return plan switch
        {
            OwnedPlan.Keep => new EnsureResult(EnsureOutcome.Unchanged, seen!),
            OwnedPlan.Foreign => new EnsureResult(EnsureOutcome.NameConflict, seen!),
            OwnedPlan.Wait => new EnsureResult(EnsureOutcome.Terminating, seen!),
            OwnedPlan.Apply apply => await ApplyAsync(seen!, decorated, apply.Outcome, ct),
            _ => throw new InvalidOperationException($"{manifest.Type.Kind} {manifest.Key} is neither there nor absent."),
        };
    }

    public async Task<bool> RemoveAsync(ClusterObject owner, ResourceType type, ObjectKey key, CancellationToken ct)
    {
        var seen = caches[type].Get(key);
        if (seen is null || seen.IsTerminating || !(Marks(owner, owned: true).IsOurs(seen) || Marks(owner, owned: false).IsOurs(seen)))
        {
            return false;
        }

        var sent = await api.DeleteAsync(seen, ct);
        caches[type].Forget(seen);
        return sent;
    }

    /// <summary>
    /// Takes over what an earlier owner of the same name has left: garbage collection may come to it late, or never when it missed the end of that owner. Everything is read live, because
    /// a late cache may hold the earlier owner, and then the object is the new one's.
    /// </summary>
    private async Task<EnsureResult> InheritAsync(ClusterObject owner, ClusterObject seen, Decorated decorated, OwnerMarks marks, CancellationToken ct)
    {
        if ((await api.GetAsync(owner.Type, owner.Key, ct))?.Uid != owner.Uid)
        {
            throw new ClusterApiException(ErrorClass.Conflict, null, "Conflict", $"{owner.Type.Kind} {owner.Key} has been replaced by another one.");
        }

        var live = await api.GetAsync(seen.Type, seen.Key, ct);
        return live is null || live.IsTerminating ? new EnsureResult(EnsureOutcome.Terminating, seen)
            : marks.IsOurs(live) || marks.IsOfEarlierOwner(live, owner.Type) ? await ApplyAsync(live, decorated, EnsureOutcome.Updated, ct)
            : new EnsureResult(EnsureOutcome.NameConflict, live);
    }

    private OwnerMarks Marks(ClusterObject owner, bool owned) =>
        new(names.AppliedAnnotation, names.OwnerLabel, names.ManagedByLabel, names.ManagedByValue, owner.Uid, owner.Key.Name, owned);

    /// <summary>Null when the name is taken. Not forced: the API server refuses it where a stranger's object has other values.</summary>
    private async Task<EnsureResult?> CreateAsync(Decorated decorated, OwnerMarks marks, CancellationToken ct)
    {
        ApplyResult answer;
        try
        {
            answer = await api.ApplyAsync(decorated.Manifest, force: false, ct);
        }
        catch (ClusterApiException error) when (error.Class == ErrorClass.Conflict)
        {
            return null;
        }

        if (!answer.Created && answer.OthersWrote && !await WasOursAsync(answer.Object, marks, ct))
        {
            // A stranger's object whose fields happened to be equal has got our marks; an empty apply takes back everything that only we own.
            await api.ApplyAsync(Empty(decorated.Manifest), force: false, ct);
            return null;
        }

        caches[decorated.Manifest.Type].Remember(answer.Object);
        return new EnsureResult(answer.Created ? EnsureOutcome.Created : EnsureOutcome.Updated, answer.Object);
    }

    /// <summary>
    /// The apply has put our marks on it in any case, so it has to be asked for how it was before. It was ours when another operator that leads as well has just made it, or when the cache
    /// does not know yet what an earlier process made; Kubernetes itself writes into some objects right after their creation.
    /// </summary>
    private async Task<bool> WasOursAsync(ClusterObject applied, OwnerMarks marks, CancellationToken ct) =>
        // Not there before the version that it has: our apply changed nothing, and with our marks it was made.
        await api.GetBeforeAsync(applied, ct) is not { } before || (before.Uid == applied.Uid && marks.IsOurs(before));

    private static Manifest Empty(Manifest manifest) => manifest with
    {
        Json = Encoding.UTF8.GetBytes(
            $$$"""{"apiVersion":"{{{manifest.Type.ApiVersion}}}","kind":"{{{manifest.Type.Kind}}}","metadata":{"name":"{{{manifest.Key.Name}}}","namespace":"{{{manifest.Key.Namespace}}}"}}"""),
    };

    private async Task<EnsureResult> ApplyAsync(ClusterObject seen, Decorated decorated, EnsureOutcome outcome, CancellationToken ct)
    {
        ApplyResult written;
        try
        {
            written = await api.ApplyAsync(decorated.For(seen), force: true, ct);
            if (LeftRivals(decorated, written.Object))
            {
                written = await OverwriteAsync(seen, decorated, ct) ?? written;
            }
        }
        catch (ClusterApiException refusal) when (refusal.Class == ErrorClass.Invalid)
        {
            if (await OverwriteAsync(seen, decorated, ct) is not { } overwritten)
            {
                throw;
            }

            written = overwritten;
        }

        caches[seen.Type].Remember(written.Object);
        return new EnsureResult(outcome, written.Object);
    }

    private static bool LeftRivals(Decorated decorated, ClusterObject written)
    {
        using var desired = JsonDocument.Parse(decorated.Manifest.Json);
        using var live = JsonDocument.Parse(written.Json);
        return Coverage.OnlyRivalsDiffer(desired.RootElement, live.RootElement);
    }

    /// <summary>
    /// Takes away what others added where it does not go together with ours, then applies again. Null when it is not theirs that is refused. Where our own fields are
    /// wrong, the server refuses this as well, and nothing has changed.
    /// </summary>
    private async Task<ApplyResult?> OverwriteAsync(ClusterObject seen, Decorated decorated, CancellationToken ct)
    {
        var live = await api.GetAsync(seen.Type, seen.Key, ct);
        if (live is null || live.Uid != seen.Uid || ExactPatch.Between(live, decorated.Manifest) is not { } patch || await api.MergePatchAsync(live, patch, ct) is null)
        {
            return null;
        }

        return await api.ApplyAsync(decorated.For(seen), force: true, ct);
    }
}
