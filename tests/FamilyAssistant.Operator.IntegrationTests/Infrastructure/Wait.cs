using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Waits for conditions. The limit only ends a run that hangs; no test says how long something takes.</summary>
public static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(2);

    /// <summary>Returns once <paramref name="condition"/> holds; fails the test, naming what was waited for, after the limit (default: two minutes).</summary>
    public static async Task ForAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null, Func<Task<string>>? diagnose = null)
        => await ForAsync<object>(async () => await condition() ? new object() : null, what, limit, diagnose);

    /// <summary>Returns the first value that is not null. A failure adds what <paramref name="diagnose"/> says.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> probe, string what, TimeSpan? limit = null, Func<Task<string>>? diagnose = null)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < (limit ?? DefaultLimit))
        {
            if (await probe() is { } value)
            {
                return value;
            }

            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"waited in vain for {what}{(diagnose is null ? "" : "\n" + await diagnose())}");
    }
}
