using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>An operation on the cluster.</summary>
public sealed class TestOperation(TestBed bed, TestInstance instance, string name)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>A manifest as people write it.</summary>
    public static JsonObject Manifest(string name, string action, string instance = "home", bool dryRun = false) => new()
    {
        ["apiVersion"] = Kinds.Operation.ApiVersion,
        ["kind"] = Kinds.Operation.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["instanceRef"] = new JsonObject { ["name"] = instance }, ["action"] = action, ["dryRun"] = dryRun },
    };

    /// <summary>Creates one.</summary>
    public static async Task<TestOperation> CreateAsync(TestInstance instance, string name, string action, bool dryRun = false)
    {
        await instance.Bed.Objects.CreateAsync(Kinds.Operation, instance.Namespace, Manifest(name, action, instance.Name, dryRun));
        return new TestOperation(instance.Bed, instance, name);
    }

    /// <summary>The object; null when it is gone.</summary>
    public async Task<FamilyAssistantOperation?> FindAsync() =>
        (await bed.Objects.FindAsync(Kinds.Operation, instance.Namespace, Name))?.Deserialize(ApiJsonContext.Default.FamilyAssistantOperation);

    /// <summary>Its status; null while it has none.</summary>
    public async Task<OperationStatus?> StatusAsync() => (await FindAsync())?.Status;

    /// <summary>Waits until its status is as told.</summary>
    public Task<OperationStatus> WaitForAsync(Func<OperationStatus, bool> holds, string what) => Wait.ForAsync(
        async () => await StatusAsync() is { } status && holds(status) ? status : null, $"{what} of operation {instance.Namespace}/{Name}", Limit, DescribeAsync);

    /// <summary>Waits for a phase and, if given, a reason.</summary>
    public Task<OperationStatus> WaitForAsync(string phase, string? reason = null) =>
        WaitForAsync(status => status.Phase == phase && (reason is null || status.Reason == reason), reason is null ? phase : $"{phase} ({reason})");

    /// <summary>Waits until it ended, and fails unless it did what was asked for.</summary>
    public async Task<OperationStatus> WaitUntilSucceededAsync()
    {
        var status = await WaitForAsync(status => status.Phase is "Succeeded" or "Failed", "the end");
        return status.Phase == "Succeeded" ? status : throw new InvalidOperationException($"operation {Name} failed: {status.Reason}: {status.Message}");
    }

    /// <summary>Asks for its deletion.</summary>
    public Task DeleteAsync() => bed.Objects.DeleteAsync(Kinds.Operation, instance.Namespace, Name);

    private async Task<string> DescribeAsync()
    {
        var status = await StatusAsync();
        return $"operation: {status?.Phase} {status?.Reason} in stage {status?.Stage}: {status?.Message}\n{await instance.DescribeAsync()}";
    }
}
