using System.Collections.Concurrent;
using CsCheck;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Controllers;

/// <summary>The two promises of the queue, under real threads: never two workers on one key, and a pass that begins after every request for one.</summary>
public sealed class WorkQueuePropertyTests
{
    private const int Workers = 3;
    private static readonly RuntimeMetrics Metrics = new(Prometheus.Metrics.NewCustomRegistry());
    private static readonly Gen<(int[] Keys, int[] Outcomes)> AnyLoad = Gen.Select(Gen.Int[0, 3].Array[1, 60], Gen.Int[0, 2].Array[8]);

    [Fact]
    public Task No_key_is_lost_and_none_is_worked_on_twice_at_once() => AnyLoad.SampleAsync(
        async load =>
        {
            using var queue = new WorkQueue("test", new KeyBackOff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), () => 0), Metrics, TimeProvider.System);
            using var stop = new CancellationTokenSource();
            var run = new Run(queue, load.Outcomes);
            Task[] workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => run.WorkAsync(stop.Token)))];
            await Task.WhenAll(load.Keys.Chunk(20).Select(part => Task.Run(() => part.ToList().ForEach(run.Ask))));

            await Eventually.HoldsAsync(() => run.AllSeen, "a pass after every request");
            await stop.CancelAsync();
            await Task.WhenAll(workers);
            run.Collisions.ShouldBe(0);
        },
        iter: 60,
        threads: 1);

    private sealed class Run(WorkQueue queue, int[] outcomes)
    {
        private readonly int[] _asked = new int[4];
        private readonly int[] _seen = new int[4];
        private readonly ConcurrentDictionary<string, int> _working = new();
        private int _passes;
        private int _collisions;

        public int Collisions => _collisions;

        public bool AllSeen => Enumerable.Range(0, 4).All(key => Volatile.Read(ref _seen[key]) >= Volatile.Read(ref _asked[key]));

        public void Ask(int key)
        {
            Interlocked.Increment(ref _asked[key]);
            queue.Enqueue(new ObjectKey("home", key.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        public async Task WorkAsync(CancellationToken ct)
        {
            while (!ct.IsCancellationRequested)
            {
                ObjectKey key;
                try
                {
                    key = await queue.TakeAsync(ct);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                if (!_working.TryAdd(key.Name, 0))
                {
                    Interlocked.Increment(ref _collisions);
                }

                var number = key.Name[0] - '0';
                var asked = Volatile.Read(ref _asked[number]);
                await Task.Yield();
                Interlocked.Exchange(ref _seen[number], Math.Max(asked, Volatile.Read(ref _seen[number])));
                _working.TryRemove(key.Name, out _);
                queue.Complete(key, outcomes[Interlocked.Increment(ref _passes) % outcomes.Length] switch
                {
                    0 => ReconcileResult.BackOff,
                    1 => ReconcileResult.CheckAfter(TimeSpan.FromMilliseconds(1)),
                    _ => ReconcileResult.Done,
                });
            }
        }
    }
}
