using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>The API server as one of several writers sees it: before each of its requests others may have their turn, and it may die.</summary>
internal sealed class SteppedApi(FakeCluster cluster, Func<Task> turn) : IClusterApi
{
    public async Task<ClusterObject?> GetAsync(ResourceType type, ObjectKey key, CancellationToken ct)
    {
        await turn();
        return await cluster.GetAsync(type, key, ct);
    }

    public async Task<ClusterObject?> GetBeforeAsync(ClusterObject written, CancellationToken ct)
    {
        await turn();
        return await cluster.GetBeforeAsync(written, ct);
    }

    public async Task<IReadOnlyList<ClusterObject>> ListAsync(ResourceType type, string @namespace, string? labelSelector, CancellationToken ct)
    {
        await turn();
        return await cluster.ListAsync(type, @namespace, labelSelector, ct);
    }

    public async Task<ApplyResult> ApplyAsync(Manifest manifest, bool force, CancellationToken ct)
    {
        await turn();
        return await cluster.ApplyAsync(manifest, force, ct);
    }

    public async Task<ClusterObject> PatchStatusAsync(Manifest manifest, CancellationToken ct)
    {
        await turn();
        return await cluster.PatchStatusAsync(manifest, ct);
    }

    public async Task<ClusterObject?> CreateAsync(Manifest manifest, CancellationToken ct)
    {
        await turn();
        return await cluster.CreateAsync(manifest, ct);
    }

    public async Task<ClusterObject?> MergePatchAsync(ClusterObject seen, ReadOnlyMemory<byte> patch, CancellationToken ct)
    {
        await turn();
        return await cluster.MergePatchAsync(seen, patch, ct);
    }

    public async Task<bool> DeleteAsync(ClusterObject seen, CancellationToken ct)
    {
        await turn();
        return await cluster.DeleteAsync(seen, ct);
    }

    public async Task<bool> DeleteUnchangedAsync(ClusterObject seen, CancellationToken ct)
    {
        await turn();
        return await cluster.DeleteUnchangedAsync(seen, ct);
    }

    public Task<IReadOnlyList<ClusterObject>> SearchAsync(ResourceType type, string fieldSelector, Func<ClusterObject, bool> wanted, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> ReadLogAsync(ObjectKey pod, string container, LogRange range, CancellationToken ct) => throw new NotSupportedException();
}
