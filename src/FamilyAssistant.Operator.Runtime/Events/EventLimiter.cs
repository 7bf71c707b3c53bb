namespace FamilyAssistant.Operator.Runtime.Events;

/// <summary>A bucket of 25 events for each object, refilled with one every five minutes (client-go's limits): a flapping object cannot fill the event store.</summary>
internal sealed class EventLimiter(TimeProvider time)
{
    private const int Burst = 25;
    private const int MostObjects = 4096;
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = [];

    /// <summary>Takes one token; false when the bucket is empty.</summary>
    public bool Allow(string uid)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_buckets.Count >= MostObjects && !_buckets.ContainsKey(uid))
            {
                _buckets.Clear();
            }

            var (tokens, at) = _buckets.GetValueOrDefault(uid, (Burst, now));
            tokens = Math.Min(Burst, tokens + (time.GetElapsedTime(at, now) / Refill));
            var allowed = tokens >= 1;
            _buckets[uid] = (allowed ? tokens - 1 : tokens, now);
            return allowed;
        }
    }
}
