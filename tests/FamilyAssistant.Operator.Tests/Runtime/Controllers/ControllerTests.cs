using System.Collections.Concurrent;
using System.Net;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static FamilyAssistant.Operator.Tests.Runtime.StandInServer;

namespace FamilyAssistant.Operator.Tests.Runtime.Controllers;

public sealed class ControllerTests
{
    [Fact]
    public async Task Every_object_gets_a_pass_at_the_start_and_one_after_each_change()
    {
        await using var rig = await Rig.StartAsync();
        var run = rig.RunAsync();
        await rig.SawAsync("a", "b");

        rig.Informer.Store.Put(Wire.Object("a", 9));
        await rig.SawAsync("a", "b", "a");
        await rig.StopAsync(run);
    }

    [Fact]
    public async Task A_replica_that_does_not_lead_collects_no_keys()
    {
        await using var rig = await Rig.StartAsync();

        rig.Informer.Store.Put(Wire.Object("c", 9));

        rig.Server.Metrics.QueueAdds.WithLabels("test", "test").Value.ShouldBe(0);
    }

    [Fact]
    public async Task A_pass_that_has_begun_is_finished_when_the_controller_stops()
    {
        await using var rig = await Rig.StartAsync(workers: 1);
        var release = new TaskCompletionSource();
        CancellationToken seen = default;
        rig.Pass = async (_, ct) =>
        {
            seen = ct;
            await release.Task.WaitAsync(ct);
            return ReconcileResult.Done;
        };
        var run = rig.RunAsync();
        await rig.SawAsync("a");

        await rig.Stop.CancelAsync();
        seen.IsCancellationRequested.ShouldBeFalse();
        run.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await run;
        rig.Passes.Count.ShouldBe(1, "no new pass begins");
    }

    [Fact]
    public async Task A_pass_is_cancelled_when_leadership_is_lost()
    {
        await using var rig = await Rig.StartAsync();
        rig.Pass = async (_, ct) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return ReconcileResult.Done;
        };
        var run = rig.RunAsync();
        await rig.SawAsync("a", "b");

        await rig.Stop.CancelAsync();
        await rig.Abort.CancelAsync();
        await run;
    }

    [Fact]
    public async Task A_pass_that_hangs_is_cancelled_at_its_limit_and_tried_again()
    {
        var time = new FakeTimeProvider();
        await using var rig = await Rig.StartAsync(workers: 1, time);
        var hung = 0;
        rig.Pass = async (key, ct) =>
        {
            if (key.Name == "a" && Interlocked.Increment(ref hung) == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
            }

            return ReconcileResult.Done;
        };
        var run = rig.RunAsync();

        await Eventually.HoldsAsync(() => rig.Passes.Count(name => name == "a") == 2, "a second pass over a", () => time.Advance(TimeSpan.FromSeconds(10)));
        rig.Server.Metrics.Timeouts.WithLabels("test").Value.ShouldBe(1);
        await rig.StopAsync(run);
    }

    [Theory]
    [InlineData(ErrorClass.Transient, "error")]
    [InlineData(ErrorClass.Terminal, "error")]
    [InlineData(ErrorClass.Conflict, "requeue")]
    public async Task A_pass_that_throws_is_tried_again_and_stops_no_other(ErrorClass error, string label)
    {
        await using var rig = await Rig.StartAsync(workers: 1);
        rig.Pass = (key, _) => key.Name == "a" && rig.Passes.Count(name => name == "a") == 1
            ? throw new ClusterApiException(error, HttpStatusCode.Ambiguous, "", "as the test wishes")
            : Task.FromResult(ReconcileResult.Done);
        var run = rig.RunAsync();

        await rig.SawAsync("a", "b", "a");
        rig.Server.Metrics.Passes.WithLabels("test", label).Value.ShouldBe(1);
        await rig.StopAsync(run);
    }

    [Fact]
    public async Task While_a_cache_of_the_namespace_cannot_be_read_no_pass_is_made_but_a_report()
    {
        await using var rig = await Rig.StartAsync(secretsAllowed: false);
        await Eventually.HoldsAsync(() => rig.Caches.FaultsOf("home").Any(fault => fault.IsRefused), "the refusal");
        var run = rig.RunAsync();

        await Eventually.HoldsAsync(() => rig.Reports.Contains("a: Secret"), "a report");
        rig.Passes.ShouldBeEmpty();

        rig.SecretsAllowed = true;
        await rig.SawAsync("a", "b");
        await rig.StopAsync(run);
    }

    /// <summary>A controller of ConfigMaps a and b that also needs Secrets.</summary>
    private sealed class Rig : IReconciler, IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private Task _loops = Task.CompletedTask;
        private Controller _controller = null!;

        public StandInServer Server { get; private set; } = null!;

        public Informer Informer { get; private set; } = null!;

        public Caches Caches { get; private set; } = null!;

        public bool SecretsAllowed { get; set; }

        public CancellationTokenSource Stop { get; } = new();

        public CancellationTokenSource Abort { get; } = new();

        public ConcurrentQueue<string> Passes { get; } = new();

        public ConcurrentQueue<string> Reports { get; } = new();

        public Func<ObjectKey, CancellationToken, Task<ReconcileResult>> Pass { get; set; } = (_, _) => Task.FromResult(ReconcileResult.Done);

        public static async Task<Rig> StartAsync(int workers = 2, TimeProvider? time = null, bool secretsAllowed = true)
        {
            var rig = new Rig { SecretsAllowed = secretsAllowed };
            var server = rig.Server = await StandInServer.StartAsync(context => context.Request.Query.ContainsKey("watch") ? WatchAsync(context, open: true)
                : context.Request.Path.Value!.EndsWith("configmaps", StringComparison.Ordinal) ? WriteAsync(context, Wire.List(7, Wire.Item("a", 3), Wire.Item("b", 4)))
                : rig.SecretsAllowed ? WriteAsync(context, Wire.List(7))
                : WriteAsync(context, Wire.Status(403, "Forbidden"), 403));
            Informer Informer(ResourceType type) => new(
                new InformerOptions(type) { BackOff = (TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)) }, server.Transport(TimeProvider.System), server.Metrics, TimeProvider.System, NullLogger.Instance);
            rig.Informer = Informer(ResourceTypes.ConfigMap);
            var secrets = Informer(ResourceTypes.Secret);
            rig.Caches = new Caches([rig.Informer, secrets]);
            var clock = time ?? TimeProvider.System;
            var queue = new WorkQueue("test", new KeyBackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1), () => 0), server.Metrics, clock);
            rig._controller = new Controller(new ControllerOptions("test", ResourceTypes.ConfigMap) { Workers = workers }, queue, rig.Caches, rig, server.Metrics, clock, NullLogger.Instance);
            rig._loops = Task.WhenAll(rig.Informer.RunAsync(rig._end.Token), secrets.RunAsync(rig._end.Token));
            await Eventually.HoldsAsync(() => rig.Informer.HasSynced && (secrets.HasSynced || !secretsAllowed), "the first lists");
            return rig;
        }

        public Task RunAsync() => _controller.RunAsync(Stop.Token, Abort.Token);

        public async Task StopAsync(Task run)
        {
            await Stop.CancelAsync();
            await run;
        }

        public Task SawAsync(params string[] names) => Eventually.HoldsAsync(() => Passes.Order().SequenceEqual(names.Order()), $"passes over {string.Join(", ", names)}");

        public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken ct)
        {
            Passes.Enqueue(key.Name);
            return await Pass(key, ct);
        }

        public Task<ReconcileResult> ReportUnreadableAsync(ObjectKey key, IReadOnlyList<CacheFault> faults, CancellationToken ct)
        {
            Reports.Enqueue($"{key.Name}: {string.Join(",", faults.Select(fault => fault.Type.Kind))}");
            return Task.FromResult(ReconcileResult.Done);
        }

        public async ValueTask DisposeAsync()
        {
            await Stop.CancelAsync();
            await Abort.CancelAsync();
            await _end.CancelAsync();
            await _loops;
            _controller.Dispose();
            await Server.DisposeAsync();
        }
    }
}
