using System.Threading.Channels;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Wakes one waiting loop; several wakes before it looks count once.</summary>
internal sealed class Signal(TimeProvider clock)
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _wakes.Writer.TryWrite(true);

    /// <summary>Returns when it is set, or at the given time.</summary>
    public async Task WaitAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        if (until is not { } time)
        {
            await _wakes.Reader.ReadAsync(cancellation);
            return;
        }

        var delay = time - clock.GetUtcNow();
        if (delay > TimeSpan.Zero)
        {
            await using var timer = clock.CreateTimer(_ => Set(), null, delay, Timeout.InfiniteTimeSpan);
            await _wakes.Reader.ReadAsync(cancellation);
        }
    }
}
