namespace FamilyAssistant.Operator.Tests.Runtime;

/// <summary>Waits for conditions of loops that run beside the test. The limit only ends a run that hangs.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Returns once the condition holds; <paramref name="meanwhile"/> is called before every look, to advance a clock for instance.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what, Action? meanwhile = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new TimeoutException($"waited in vain for: {what}");
            }

            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }
}
