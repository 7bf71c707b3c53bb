using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Jobs;

/// <summary>
/// Runs Jobs whose names follow from the procedure, stage and attempt: looked at live before anything is made, made at most once, and taken for ours only by the owner's UID.
/// </summary>
internal sealed class JobRunner(IClusterApi api)
{
    /// <summary>How a Job is, live.</summary>
    public async ValueTask<JobState> LookAsync(ClusterObject owner, string name, CancellationToken ct)
    {
        var key = new ObjectKey(owner.Key.Namespace, name);
        var job = await api.GetAsync(ResourceTypes.Job, key, ct);
        return JobState.Of(owner.Uid, job, job is null ? [] : await PodsAsync(key, ct));
    }

    /// <summary>Looks at the Job and makes it when there is none, its input before it.</summary>
    /// <param name="job">The Job.</param>
    /// <param name="input">Files of its input; null: it has none. Asked only when there is something to make.</param>
    /// <param name="ct">Cancellation.</param>
    public async ValueTask<JobState> RunAsync(ToolJob job, IReadOnlyDictionary<string, byte[]>? input, CancellationToken ct)
    {
        var state = await LookAsync(job.Owner, job.Name, ct);
        if (state is not JobState.Missing)
        {
            return state;
        }

        if (input is not null)
        {
            var secret = job.Input(input);
            var made = await api.CreateAsync(secret, ct) ?? await api.GetAsync(ResourceTypes.Secret, secret.Key, ct);
            if (made?.ControllerUid != job.Owner.Uid)
            {
                return new JobState.Foreign($"Secret {secret.Key.Name} exists and does not belong to this object. Remove it.");
            }
        }

        return await api.CreateAsync(job.ToManifest(), ct) is null ? await LookAsync(job.Owner, job.Name, ct) : new JobState.Running(null);
    }

    /// <summary>Ends a Job, whether or not it has ended, and deletes it and its input. True: nothing of it is left, and no pod of it runs; otherwise to be called again.</summary>
    public async ValueTask<bool> RemoveAsync(ClusterObject owner, string name, CancellationToken ct)
    {
        var key = new ObjectKey(owner.Key.Namespace, name);
        var gone = true;
        foreach (var type in (ResourceType[])[ResourceTypes.Job, ResourceTypes.Secret])
        {
            if (await api.GetAsync(type, key, ct) is { } found && found.ControllerUid == owner.Uid)
            {
                gone &= type == ResourceTypes.Secret;
                if (!found.IsTerminating)
                {
                    await api.DeleteAsync(found, ct);
                }
            }
        }

        return gone && (await PodsAsync(key, ct)).Count == 0;
    }

    /// <summary>The label is the one that every supported version sets.</summary>
    private Task<IReadOnlyList<ClusterObject>> PodsAsync(ObjectKey job, CancellationToken ct) => api.ListAsync(ResourceTypes.Pod, job.Namespace, $"job-name={job.Name}", ct);
}
