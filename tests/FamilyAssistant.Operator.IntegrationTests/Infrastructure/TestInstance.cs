using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>An instance on the cluster: edit it, wait for what the operator says of it, look at its objects.</summary>
public sealed class TestInstance(TestBed bed, string ns, string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The kind.</summary>
    public static ResourceType Type => Kinds.Instance;

    /// <summary>Its namespace.</summary>
    public string Namespace { get; } = ns;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The cluster it is on.</summary>
    public TestBed Bed { get; } = bed;

    private ObjectAccess Objects => Bed.Objects;

    /// <summary>The object; null when it is gone.</summary>
    public async Task<FamilyAssistantInstance?> FindAsync() =>
        (await Objects.FindAsync(Type, Namespace, Name))?.Deserialize(ApiJsonContext.Default.FamilyAssistantInstance);

    /// <summary>The object.</summary>
    public async Task<FamilyAssistantInstance> ReadAsync() => await FindAsync() ?? throw new InvalidOperationException($"there is no instance {Namespace}/{Name}");

    /// <summary>Sets a field of the spec by its path below spec; null removes it.</summary>
    public Task SetAsync(string path, JsonNode? value)
    {
        JsonNode? patch = value;
        foreach (var part in path.Split('.').Reverse())
        {
            patch = new JsonObject { [part] = patch };
        }

        return Objects.PatchAsync(Type, Namespace, Name, new JsonObject { ["spec"] = patch }.ToJsonString());
    }

    /// <summary>Sets an annotation; null removes it.</summary>
    public Task AnnotateAsync(string key, string? value) =>
        Objects.PatchAsync(Type, Namespace, Name, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }.ToJsonString());

    /// <summary>Sets keys of a Secret; a null value removes the key.</summary>
    public Task SetSecretAsync(string secret, params (string Key, string? Value)[] data) => Objects.PatchAsync(
        ResourceTypes.Secret,
        Namespace,
        secret,
        new JsonObject
        {
            ["data"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : (JsonNode?)Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(entry.Value))))),
        }.ToJsonString());

    /// <summary>Makes a Secret in its namespace.</summary>
    public Task CreateSecretAsync(string secret, params (string Key, string Value)[] data) => Objects.CreateAsync(
        ResourceTypes.Secret,
        Namespace,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = secret },
            ["stringData"] = new JsonObject(data.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
        });

    /// <summary>Asks for its deletion.</summary>
    public Task DeleteAsync(string propagation = "Background") => Objects.DeleteAsync(Type, Namespace, Name, propagation);

    /// <summary>Waits until the operator has seen the spec as it is and says that the instance serves.</summary>
    public Task<FamilyAssistantInstance> WaitUntilReadyAsync() => WaitForAsync(ConditionTypes.Ready, "True");

    /// <summary>Waits until the operator has seen the spec as it is and a condition has this status and, if given, this reason.</summary>
    public Task<FamilyAssistantInstance> WaitForAsync(string condition, string status, string? reason = null) => WaitForAsync(
        instance => Of(instance, condition) is { } found && found.Status == status && (reason is null || found.Reason == reason),
        $"{condition}={status}{(reason is null ? "" : $" ({reason})")}");

    /// <summary>Waits until the operator has seen the spec as it is and the instance is as told.</summary>
    public Task<FamilyAssistantInstance> WaitForAsync(Func<FamilyAssistantInstance, bool> holds, string what) => Wait.ForAsync(
        async () => await FindAsync() is { Status: { } seen } instance && seen.ObservedGeneration == instance.Metadata.Generation && holds(instance) ? instance : null,
        $"{what} of instance {Namespace}/{Name}",
        Limit,
        DescribeAsync);

    /// <summary>Waits until the instance is gone.</summary>
    public Task WaitUntilGoneAsync() => Wait.ForAsync(async () => await FindAsync() is null, $"the end of instance {Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Waits for anything else; a failure describes the instance.</summary>
    public Task<T> WaitForAsync<T>(Func<Task<T?>> probe, string what)
        where T : class => Wait.ForAsync(probe, what, Limit, DescribeAsync);

    /// <summary>Waits for anything else; a failure describes the instance.</summary>
    public Task WaitForAsync(Func<Task<bool>> holds, string what) => Wait.ForAsync(holds, what, Limit, DescribeAsync);

    /// <summary>A condition; null when it is not there.</summary>
    public static Condition? Of(FamilyAssistantInstance instance, string condition) => instance.Status?.Conditions.FirstOrDefault(c => c.Type == condition);

    /// <summary>Waits for an event of this reason about the instance.</summary>
    public Task<Eventsv1Event> WaitForEventAsync(string reason, string part = "") => WaitForAsync(
        async () => (await EventsAsync()).FirstOrDefault(e => e.Reason == reason && e.Note.Contains(part, StringComparison.Ordinal)),
        $"an event {reason} {part}");

    /// <summary>The events about it.</summary>
    public async Task<IReadOnlyList<Eventsv1Event>> EventsAsync() =>
        [.. (await Bed.Client.EventsV1.ListNamespacedEventAsync(Namespace)).Items.Where(e => e.Regarding?.Kind == Type.Kind && e.Regarding.Name == Name)];

    /// <summary>The application's pods, also those that end.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(string component = Components.App) => [.. (await Bed.Client.CoreV1.ListNamespacedPodAsync(
        Namespace, labelSelector: $"{WireNames.InstanceLabel}={Name},{WireNames.ComponentLabel}={component}", cancellationToken: TestContext.Current.CancellationToken)).Items];

    /// <summary>All that the operator tells the world about this instance: the object, every event, the objects that are no Secrets, its log.</summary>
    public async Task<string> EverythingSaidAsync()
    {
        List<string> said = [await Bed.LogTailAsync(5000)];
        ResourceType[] types =
        [
            Type, Kinds.Operation, Kinds.Backup, Kinds.Restore, ResourceTypes.Job, ResourceTypes.Event, ResourceTypes.StatefulSet, ResourceTypes.Service, ResourceTypes.ServiceAccount, ResourceTypes.Ingress, ResourceTypes.NetworkPolicy, ResourceTypes.Pod,
            ResourceTypes.PersistentVolumeClaim, ResourceTypes.ConfigMap,
        ];
        foreach (var type in types)
        {
            said.AddRange((await Objects.ListAsync(type, Namespace)).Select(found => found.ToJsonString()));
        }

        said.AddRange((await Objects.ListAsync(ResourceTypes.Lease, OperatorNames.Namespace)).Select(found => found.ToJsonString()));

        return string.Join('\n', said);
    }

    /// <summary>All that explains why something does not happen.</summary>
    public async Task<string> DescribeAsync()
    {
        var instance = await FindAsync();
        var pods = (await Bed.Client.CoreV1.ListNamespacedPodAsync(Namespace)).Items;
        var events = (await Bed.Client.EventsV1.ListNamespacedEventAsync(Namespace)).Items;
        IEnumerable<string> lines =
        [
            instance is null ? "instance: gone" : $"instance: generation {instance.Metadata.Generation}, observed {instance.Status?.ObservedGeneration}, phase {instance.Status?.Phase}, deleted {instance.Metadata.DeletionTimestamp}",
            .. (instance?.Status?.Conditions ?? []).Select(c => $"  {c.Type}={c.Status} {c.Reason}: {c.Message}"),
            "pods:",
            .. pods.Select(pod => $"  {pod.Metadata.Name} {pod.Status?.Phase} {string.Join(", ", (pod.Status?.ContainerStatuses ?? []).Select(StateOf))}"),
            "events:",
            .. events.Select(e => $"  {e.Regarding?.Kind} {e.Regarding?.Name} {e.Reason}: {e.Note}"),
            "the operator's last words about this namespace:",
            .. (await Bed.LogTailAsync(2000)).Split('\n').Where(line => line.Contains(Namespace, StringComparison.Ordinal)).TakeLast(15),
        ];
        return string.Join('\n', lines);
    }

    private static string StateOf(V1ContainerStatus container) =>
        $"{container.Name} ready={container.Ready} restarts={container.RestartCount} {container.State?.Waiting?.Reason}{container.State?.Terminated?.Reason} {container.State?.Waiting?.Message}";
}
