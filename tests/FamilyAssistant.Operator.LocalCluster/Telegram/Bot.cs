using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FamilyAssistant.Operator.LocalCluster.Telegram;

/// <summary>One bot: its updates, who polls it, what it said. All members may be used from several threads.</summary>
internal sealed class Bot(long id)
{
    private readonly Lock _lock = new();
    private ImmutableList<(long Id, JsonObject Update)> _updates = [];
    private ImmutableList<PollerPeriod> _periods = [];
    private ImmutableList<PollerOverlap> _overlaps = [];
    private ImmutableList<BotReply> _replies = [];
    private TaskCompletionSource _arrival = NewSignal();
    private Poll? _current;
    private PollerClient? _latest;
    private long _lastUpdate;
    private int _conflicts;

    public IReadOnlyList<PollerPeriod> Periods => _periods;

    public IReadOnlyList<PollerOverlap> Overlaps => _overlaps;

    public IReadOnlyList<BotReply> Replies => _replies;

    public int Conflicts => Volatile.Read(ref _conflicts);

    public PollerClient? Active => _current?.Client;

    /// <summary>The one secret that is valid; null: any.</summary>
    public string? Secret { get; set; }

    public void Say(long chat, string text)
    {
        lock (_lock)
        {
            _replies = _replies.Add(new BotReply(chat, text, TimeProvider.System.GetUtcNow()));
        }
    }

    public void Hear(long chat, string text)
    {
        lock (_lock)
        {
            _lastUpdate++;
            var person = new JsonObject { ["id"] = chat, ["is_bot"] = false, ["first_name"] = $"User {chat}" };
            var message = new JsonObject
            {
                ["message_id"] = _lastUpdate,
                ["date"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
                ["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private" },
                ["from"] = person,
                ["text"] = text,
            };
            _updates = _updates.Add((_lastUpdate, new JsonObject { ["update_id"] = _lastUpdate, ["message"] = message }));
            _arrival.TrySetResult();
            _arrival = NewSignal();
        }
    }

    /// <summary>Updates from <paramref name="offset"/> on, which also forgets those before it; null when another poll ended this one.</summary>
    /// <param name="client">Who polls.</param>
    /// <param name="isConnected">Whether the poller's end of the connection is still open: asked when another poll comes in.</param>
    /// <param name="offset">First update that the poller has not seen.</param>
    /// <param name="timeout">How long to wait for one.</param>
    /// <param name="aborted">Cancelled when this server notices that the connection is closed.</param>
    public async Task<IReadOnlyList<JsonNode>?> PollAsync(PollerClient client, Func<bool> isConnected, long offset, TimeSpan timeout, CancellationToken aborted)
    {
        var poll = Enter(client, isConnected);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            limit.CancelAfter(timeout);
            while (true)
            {
                var (updates, arrival) = Take(offset);
                if (poll.Terminated.IsCompleted)
                {
                    Interlocked.Increment(ref _conflicts);
                    return null;
                }

                if (updates.Count > 0 || limit.IsCancellationRequested)
                {
                    return updates;
                }

                await Task.WhenAny(arrival, poll.Terminated, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, limit.Token));
            }
        }
        finally
        {
            Leave(poll);
        }
    }

    private Poll Enter(PollerClient client, Func<bool> isConnected)
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            // A process that was killed has closed its connection before the next one starts, though this server may not have noticed yet.
            var open = _current is { } current && current.IsConnected() ? current : null;
            var known = _periods.FindIndex(period => IsSame(period.Client, client));
            // One that comes back after another has polled had not ended when that one came.
            var rival = open?.Client ?? (known < 0 ? null : _latest);
            if (rival is not null && !IsSame(rival, client))
            {
                _overlaps = _overlaps.Add(new PollerOverlap(id, rival, client, now));
            }

            open?.Terminate();
            _latest = client;
            _periods = known < 0 ? _periods.Add(new PollerPeriod(id, client, now, To: null)) : _periods.SetItem(known, _periods[known] with { To = null });
            return _current = new Poll(client, isConnected);
        }
    }

    private void Leave(Poll poll)
    {
        lock (_lock)
        {
            var known = _periods.FindIndex(period => IsSame(period.Client, poll.Client));
            _periods = _periods.SetItem(known, _periods[known] with { To = TimeProvider.System.GetUtcNow() });
            if (_current == poll)
            {
                _current = null;
            }
        }
    }

    private (IReadOnlyList<JsonNode> Updates, Task Arrival) Take(long offset)
    {
        lock (_lock)
        {
            _updates = _updates.RemoveAll(update => update.Id < offset);
            return ([.. _updates.Select(update => update.Update.DeepClone())], _arrival.Task);
        }
    }

    private static bool IsSame(PollerClient one, PollerClient other) => one.UserAgent == other.UserAgent;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Poll(PollerClient client, Func<bool> isConnected)
    {
        private readonly TaskCompletionSource _terminated = NewSignal();

        public PollerClient Client => client;

        public Task Terminated => _terminated.Task;

        public bool IsConnected() => isConnected();

        public void Terminate() => _terminated.TrySetResult();
    }
}
