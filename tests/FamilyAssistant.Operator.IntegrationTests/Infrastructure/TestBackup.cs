using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>A backup on the cluster.</summary>
public sealed class TestBackup(TestInstance instance, string name)
{
    /// <summary>Claim for the sets that tests make themselves.</summary>
    public const string Claim = "sets";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private TestBed Bed => instance.Bed;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>A manifest as people write it, with further members of the spec.</summary>
    public static JsonObject Manifest(string name, string instance = "home", JsonObject? spec = null)
    {
        var whole = spec?.DeepClone().AsObject() ?? [];
        whole["instanceRef"] = new JsonObject { ["name"] = instance };
        return new JsonObject { ["apiVersion"] = Kinds.Backup.ApiVersion, ["kind"] = Kinds.Backup.Kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = whole };
    }

    /// <summary>Creates one.</summary>
    public static async Task<TestBackup> CreateAsync(TestInstance instance, string name, JsonObject? spec = null)
    {
        await instance.Bed.Objects.CreateAsync(Kinds.Backup, instance.Namespace, Manifest(name, instance.Name, spec));
        return new TestBackup(instance, name);
    }

    /// <summary>Creates one as the schedule does: only those are the retention's.</summary>
    public static async Task<TestBackup> ScheduledAsync(TestInstance instance, int day)
    {
        var manifest = Manifest($"of-day-{day}", instance.Name);
        manifest["metadata"]!["labels"] = new JsonObject { [WireNames.BackupOriginLabel] = WireNames.BackupOfSchedule };
        manifest["metadata"]!["annotations"] = new JsonObject { [WireNames.TickAnnotation] = $"2026-01-0{day}T02:00:00Z" };
        await instance.Bed.Objects.CreateAsync(Kinds.Backup, instance.Namespace, manifest);
        return new TestBackup(instance, $"of-day-{day}");
    }

    /// <summary>A retention that keeps so many of the newest.</summary>
    public static JsonObject Keep(int last) => new() { ["keepLast"] = last, ["daily"] = 0, ["weekly"] = 0, ["monthly"] = 0 };

    /// <summary>A claim for sets.</summary>
    public static Task CreateClaimAsync(TestBed bed, string ns, string name = Claim, string? storageClass = null, string size = "1Gi") => bed.Objects.CreateAsync(
        ResourceTypes.PersistentVolumeClaim,
        ns,
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["storageClassName"] = storageClass,
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = size } },
            },
        });

    /// <summary>The object; null when it is gone.</summary>
    public async Task<FamilyAssistantBackup?> FindAsync() =>
        (await Bed.Objects.FindAsync(Kinds.Backup, instance.Namespace, Name))?.Deserialize(ApiJsonContext.Default.FamilyAssistantBackup);

    /// <summary>Waits until its status is as told.</summary>
    public Task<BackupStatus> WaitForAsync(Func<BackupStatus, bool> holds, string what) => Wait.ForAsync(
        async () => (await FindAsync())?.Status is { } status && holds(status) ? status : null, $"{what} of backup {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Waits for a phase and, if given, a reason.</summary>
    public Task<BackupStatus> WaitForAsync(string phase, string? reason = null) =>
        WaitForAsync(status => status.Phase == phase && (reason is null || status.Reason == reason), reason is null ? phase : $"{phase} ({reason})");

    /// <summary>Waits until it ended, and fails unless it is completed.</summary>
    public async Task<BackupStatus> WaitUntilCompletedAsync()
    {
        var status = await WaitForAsync(status => status.Phase is "Completed" or "Failed", "the end");
        return status.Phase == "Completed" ? status : throw new InvalidOperationException($"backup {Name} failed: {status.Reason}: {status.Message}\n{await DescribeAsync()}");
    }

    /// <summary>Asks for its deletion.</summary>
    public Task DeleteAsync() => Bed.Objects.DeleteAsync(Kinds.Backup, instance.Namespace, Name);

    /// <summary>Waits until the object is gone.</summary>
    public Task WaitUntilGoneAsync() => Wait.ForAsync(async () => await FindAsync() is null, $"the end of backup {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Its Jobs.</summary>
    public async Task<IReadOnlyList<V1Job>> JobsAsync() =>
        [.. (await Bed.Client.BatchV1.ListNamespacedJobAsync(instance.Namespace, labelSelector: $"{WireNames.ProcedureLabel}={Name}", cancellationToken: TestContext.Current.CancellationToken)).Items];

    /// <summary>The pods of its Jobs.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync() =>
        [.. (await Bed.Client.CoreV1.ListNamespacedPodAsync(instance.Namespace, labelSelector: $"{WireNames.ProcedureLabel}={Name}", cancellationToken: TestContext.Current.CancellationToken)).Items];

    /// <summary>Waits until nothing that was made for it is left but the set.</summary>
    public Task WaitUntilTidyAsync() => Wait.ForAsync(
        async () => (await JobsAsync()).Count == 0
            && (await Bed.Client.CoreV1.ListNamespacedSecretAsync(instance.Namespace, labelSelector: $"{WireNames.ProcedureLabel}={Name}", cancellationToken: TestContext.Current.CancellationToken)).Items.Count == 0,
        $"the end of the Jobs and inputs of backup {instance.Namespace}/{Name}", Limit, DescribeAsync);

    private async Task<string> DescribeAsync()
    {
        var status = (await FindAsync())?.Status;
        var pods = new List<string>();
        foreach (var pod in await PodsAsync())
        {
            var log = (await Bed.Cluster.KubectlAsync("-n", instance.Namespace, "logs", pod.Metadata.Name, "--tail=20")).Output;
            pods.Add($"pod {pod.Metadata.Name}: {pod.Status?.Phase} {string.Join(' ', pod.Status?.ContainerStatuses?.Select(container => container.State?.Terminated?.Message ?? container.State?.Waiting?.Reason) ?? [])}\n{log}");
        }

        return $"backup: {status?.Phase} {status?.Reason} in stage {status?.Stage}: {status?.Message}\n{string.Join('\n', pods)}\n{await instance.DescribeAsync()}";
    }
}
