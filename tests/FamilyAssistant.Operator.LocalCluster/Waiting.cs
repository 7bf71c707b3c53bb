namespace FamilyAssistant.Operator.LocalCluster;

/// <summary>Waits for something and tells what it looks like meanwhile: at each change, and every eight seconds.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(8);

    /// <summary>Looks until <paramref name="look"/> has a result; it may throw when waiting on is of no use.</summary>
    /// <param name="what">For the error after the limit.</param>
    /// <param name="look">The result, or null, and in either case what to tell.</param>
    /// <param name="limit">How long at most.</param>
    /// <param name="progress">Gets the lines.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<T> ForAsync<T>(string what, Func<Task<(T? Result, string Picture)>> look, TimeSpan limit, Action<string> progress, CancellationToken cancellation)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        var (told, toldAt) = ("", started);
        while (true)
        {
            var (result, picture) = await look();
            if (picture != told)
            {
                progress(picture);
                (told, toldAt) = (picture, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(toldAt) > SilenceLimit)
            {
                progress($"{picture} ({TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0} s)");
                toldAt = TimeProvider.System.GetTimestamp();
            }

            if (result is not null)
            {
                return result;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:F0} s in vain for {what}; last seen: {told}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }
    }
}
