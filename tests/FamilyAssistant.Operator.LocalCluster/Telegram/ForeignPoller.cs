using System.Net;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>Polls a bot as a program outside the cluster would, and goes on after every 409.</summary>
public sealed class ForeignPoller : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Task _polling;
    private int _conflicts;

    internal ForeignPoller(Uri server, string token, string name)
    {
        _http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"foreign-poller/{name}");
        var updates = new Uri(server, $"/bot{token}/getUpdates?timeout=10");
        _polling = Task.Run(() => PollAsync(updates));
    }

    /// <summary>How often it was answered with 409.</summary>
    public int Conflicts => Volatile.Read(ref _conflicts);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task PollAsync(Uri updates)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using var answer = await _http.GetAsync(updates, _stop.Token);
                if (answer.StatusCode == HttpStatusCode.Conflict)
                {
                    Interlocked.Increment(ref _conflicts);
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            // Told to stop, or the server has ended.
        }
    }
}
