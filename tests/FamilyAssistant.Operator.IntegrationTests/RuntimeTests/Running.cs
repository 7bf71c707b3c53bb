namespace FamilyAssistant.Operator.IntegrationTests.RuntimeTests;

/// <summary>A loop that ends with the test.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();

    private Running(Func<CancellationToken, Task> loop) => Task = System.Threading.Tasks.Task.Run(() => loop(_stop.Token));

    public Task Task { get; }

    public static Running Start(Func<CancellationToken, Task> loop) => new(loop);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Task;
        }
        catch (OperationCanceledException)
        {
            // That is how some loops end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
