using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An operator that dies in the middle of an operation.</summary>
internal static class OperationCrash
{
    /// <summary>Runs an operator and kills it behind its write of this number; false when everything was done with fewer.</summary>
    /// <param name="own">The cluster.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="operation">The operation on it.</param>
    /// <param name="last">Number of the write.</param>
    /// <param name="counts">Which paths count; null: all.</param>
    public static async Task<bool> AfterAsync(OwnCluster own, TestInstance instance, TestOperation operation, int last, Func<string, bool>? counts = null)
    {
        var bed = own.Bed;
        await using var gate = await WriteGate.StartAsync(bed.Cluster.Access, bed.Cluster.DataDirectory, instance.Namespace, last);
        gate.Counts = counts ?? gate.Counts;
        await using var victim = await own.StartOperatorAsync($"victim-{operation.Name}", through: gate);
        bed.Operator = victim;
        var done = EndAsync(instance, operation);
        if (await Task.WhenAny(gate.Reached, done) == done)
        {
            await done;
            return false;
        }

        victim.Kill();
        // The end may be reached although the operator never heard of its last write; whether it is, the successor shows.
        _ = done.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return true;
    }

    /// <summary>Waits until the operation succeeded, its instance is Ready, and the turn is given back.</summary>
    public static async Task EndAsync(TestInstance instance, TestOperation operation)
    {
        await operation.WaitUntilSucceededAsync();
        await instance.WaitUntilReadyAsync();
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
    }
}
