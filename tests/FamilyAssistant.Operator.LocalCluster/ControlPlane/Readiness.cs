namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Waits until a server answers, and stops waiting when its process has ended.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task WaitAsync(ChildProcess process, HttpClient http, Uri address, TimeSpan limit, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        for (var last = "no answer"; ;)
        {
            process.ThrowIfExited();
            if (bounded.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new TimeoutException($"{process.Name} did not get ready within {limit.TotalSeconds} s ({last}). The end of {process.LogFile}:\n{process.Tail(15)}");
            }

            try
            {
                using var answer = await http.GetAsync(address, bounded.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                last = $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(bounded.Token)}";
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }
            catch (OperationCanceledException)
            {
                // One request took too long, or the whole wait: the next turn knows which.
            }

            await Task.Delay(Interval, TimeProvider.System, cancellation);
        }
    }
}
