using System.Text;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

/// <summary>Records what the status writer sends, remembers and announces; every other use is a failure.</summary>
internal sealed class StatusPort : IClusterApi, ICaches, IObjectCache, IEventRecorder
{
    public List<string> Patched { get; } = [];

    public ClusterApiException? Error { get; set; }

    public List<ClusterObject> Remembered { get; } = [];

    public List<(EventSeverity Severity, string Reason, string Note)> Events { get; } = [];

    public IObjectCache this[ResourceType type] => this;

    public Task<ClusterObject> PatchStatusAsync(Manifest manifest, CancellationToken ct)
    {
        Patched.Add(Encoding.UTF8.GetString(manifest.Json.Span));
        return Error is null ? Task.FromResult(Make.Source() with { ResourceVersion = "2" }) : Task.FromException<ClusterObject>(Error);
    }

    public void Remember(ClusterObject written) => Remembered.Add(written);

    public void Record(ClusterObject regarding, EventSeverity severity, string reason, string action, string note) => Events.Add((severity, reason, note));

    public Task<ClusterObject?> GetAsync(ResourceType type, ObjectKey key, CancellationToken ct) => throw new NotSupportedException();

    public Task<ClusterObject?> GetBeforeAsync(ClusterObject written, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<ClusterObject>> ListAsync(ResourceType type, string @namespace, string? labelSelector, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<ClusterObject>> SearchAsync(ResourceType type, string @namespace, Func<ClusterObject, bool> keep, CancellationToken ct) => throw new NotSupportedException();

    public Task<ApplyResult> ApplyAsync(Manifest manifest, bool force, CancellationToken ct) => throw new NotSupportedException();

    public Task<ClusterObject?> CreateAsync(Manifest manifest, CancellationToken ct) => throw new NotSupportedException();

    public Task<ClusterObject?> MergePatchAsync(ClusterObject seen, ReadOnlyMemory<byte> patch, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(ClusterObject seen, CancellationToken ct) => throw new NotSupportedException();

    public Task<bool> DeleteUnchangedAsync(ClusterObject seen, CancellationToken ct) => throw new NotSupportedException();

    public Task<string> ReadLogAsync(ObjectKey pod, string container, LogRange range, CancellationToken ct) => throw new NotSupportedException();

    public ClusterObject? Get(ObjectKey key) => throw new NotSupportedException();

    public IReadOnlyList<ClusterObject> List(string @namespace, string label, string value) => throw new NotSupportedException();

    public IReadOnlyList<ClusterObject> List(string @namespace) => throw new NotSupportedException();

    public IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid) => throw new NotSupportedException();

    public void Forget(ClusterObject deleted) => throw new NotSupportedException();
}
