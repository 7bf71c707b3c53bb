namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>Waits for conditions. The limit only ends a run that hangs.</summary>
internal static class Waiting
{
    /// <summary>Longest wait for one thing.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Returns once the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan interval, TimeSpan limit, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
            {
                throw new TimeoutException($"waited in vain for {what}");
            }

            await Task.Delay(interval, TimeProvider.System, ct);
        }
    }

    /// <summary>The result of a task that must end soon.</summary>
    public static async Task<T> LimitAsync<T>(Task<T> task, Func<string> what, TimeSpan? limit = null)
    {
        try
        {
            return await task.WaitAsync(limit ?? Limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"waited in vain for {what()}");
        }
    }
}
