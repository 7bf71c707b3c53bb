using System.Threading.Channels;

namespace FamilyAssistant.Operator.LocalCluster.Node.Watching;

/// <summary>Runs a pass whenever something changed: many changes during a pass make one more pass. A pass that failed runs again after a second.</summary>
internal sealed class PassLoop(string name, Func<CancellationToken, Task> pass, Action<string> log, TimeSpan? interval = null) : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Asks for a pass; from any thread, never waits.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Runs the first pass, then one at each wake and, where there is an interval, at each end of it.</summary>
    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Returns once one pass has ended well.</summary>
    public Task FirstPassAsync(CancellationToken cancellation) => _done.Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _loop;
            _done.TrySetCanceled();
            _stop.Dispose();
        }
    }

    private async Task RunAsync()
    {
        for (var next = TimeSpan.Zero; !_stop.IsCancellationRequested;)
        {
            try
            {
                await WaitAsync(next);
                await pass(_stop.Token);
                _done.TrySetResult();
                next = interval ?? Timeout.InfiniteTimeSpan;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log($"{name}: {e.Message}");
                next = RetryPause;
            }
        }
    }

    private async Task WaitAsync(TimeSpan limit)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        bounded.CancelAfter(limit);
        try
        {
            await _wake.Reader.ReadAsync(bounded.Token);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // The time is over.
        }
    }
}
