using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>A restore on the cluster.</summary>
public sealed class TestRestore(TestInstance instance, string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private TestBed Bed => instance.Bed;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Creates one of a backup's set, with further members of the spec.</summary>
    public static Task<TestRestore> CreateAsync(TestInstance instance, string name, string backup, JsonObject? spec = null) =>
        CreateAsync(instance, name, new JsonObject { ["backupRef"] = new JsonObject { ["name"] = backup } }, spec);

    /// <summary>Creates one of a set that is named by its place, with further members of the spec.</summary>
    public static Task<TestRestore> OfVolumeAsync(TestInstance instance, string name, string claim, string set, JsonObject? spec = null, string? of = null)
    {
        var volume = new JsonObject { ["claimName"] = claim, ["setId"] = set };
        if (of is not null)
        {
            volume["instanceName"] = of;
        }

        return CreateAsync(instance, name, new JsonObject { ["volume"] = volume }, spec);
    }

    private static async Task<TestRestore> CreateAsync(TestInstance instance, string name, JsonObject source, JsonObject? spec)
    {
        var whole = spec?.DeepClone().AsObject() ?? [];
        whole["instanceRef"] = new JsonObject { ["name"] = instance.Name };
        whole["source"] = source;
        await instance.Bed.Objects.CreateAsync(Kinds.Restore, instance.Namespace, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = whole });
        return new TestRestore(instance, name);
    }

    /// <summary>The object; null when it is gone.</summary>
    public async Task<FamilyAssistantRestore?> FindAsync() =>
        (await Bed.Objects.FindAsync(Kinds.Restore, instance.Namespace, Name))?.Deserialize(ApiJsonContext.Default.FamilyAssistantRestore);

    /// <summary>Waits until its status is as told.</summary>
    public Task<RestoreStatus> WaitForAsync(Func<RestoreStatus, bool> holds, string what) => Wait.ForAsync(
        async () => (await FindAsync())?.Status is { } status && holds(status) ? status : null, $"{what} of restore {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Waits until it ended, in whatever way.</summary>
    public Task<RestoreStatus> WaitUntilEndedAsync() => WaitForAsync(status => status.Phase is "Completed" or "Failed", "the end");

    /// <summary>Waits until it ended, and fails unless it is completed.</summary>
    public async Task<RestoreStatus> WaitUntilCompletedAsync()
    {
        var status = await WaitUntilEndedAsync();
        return status.Phase == "Completed" ? status : throw new InvalidOperationException($"restore {Name} failed: {status.Reason}: {status.Message}\n{await DescribeAsync()}");
    }

    /// <summary>Waits until its finalizer is gone, and with it all that it had to do, and the turn is given back.</summary>
    public Task WaitUntilTidyAsync() => Wait.ForAsync(
        async () => (await Bed.Objects.FindAsync(Kinds.Restore, instance.Namespace, Name))?["metadata"]?["finalizers"] is not JsonArray { Count: > 0 }
            && (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true,
        $"the end of finalizer and turn of restore {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Asks for its deletion.</summary>
    public Task DeleteAsync() => Bed.Objects.DeleteAsync(Kinds.Restore, instance.Namespace, Name);

    /// <summary>Waits until the object is gone.</summary>
    public Task WaitUntilGoneAsync() => Wait.ForAsync(async () => await FindAsync() is null, $"the end of restore {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>The pods of its Jobs.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync() =>
        [.. (await Bed.Client.CoreV1.ListNamespacedPodAsync(instance.Namespace, labelSelector: $"{WireNames.ProcedureLabel}={Name}", cancellationToken: TestContext.Current.CancellationToken)).Items];

    private async Task<string> DescribeAsync()
    {
        var status = (await FindAsync())?.Status;
        var pods = new List<string>();
        foreach (var pod in await PodsAsync())
        {
            var log = (await Bed.Cluster.KubectlAsync("-n", instance.Namespace, "logs", pod.Metadata.Name, "--tail=20")).Output;
            pods.Add($"pod {pod.Metadata.Name}: {pod.Status?.Phase} {string.Join(' ', pod.Status?.ContainerStatuses?.Select(container => container.State?.Terminated?.Message ?? container.State?.Waiting?.Reason) ?? [])}\n{log}");
        }

        return $"restore: {status?.Phase} {status?.Reason} in stage {status?.Stage}: {status?.Message}\n{string.Join('\n', pods)}\n{await instance.DescribeAsync()}";
    }
}
