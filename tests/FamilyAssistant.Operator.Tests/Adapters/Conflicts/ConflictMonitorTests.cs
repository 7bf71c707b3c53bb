using System.Collections.Concurrent;
using FamilyAssistant.Operator.Adapters;
using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Adapters.Monitoring;
using FamilyAssistant.Operator.Tests.Fakes;
using FamilyAssistant.Operator.Tests.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class ConflictMonitorTests : IDisposable
{
    private const string Line = "telegram.error.Conflict: Conflict: terminated by other getUpdates request";
    private static readonly ObjectKey Instance = InstanceWorld.Key("fa");
    private static readonly PollingContainer Container = new(InstanceWorld.Key("fa-0"), "uid", 0, "family-assistant");
    private static readonly HealthTarget Target = new("uid", 0, "10.0.0.1", 8000);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly FakeCluster _cluster = new();
    private readonly TimerLog _time = new();
    private readonly FakeWork _work = new();
    private readonly ScriptedReader _reader = new();
    private readonly PollerSearch _search;
    private readonly ConflictMonitor _monitor;

    public ConflictMonitorTests()
    {
        var options = new MonitorOptions();
        _search = new PollerSearch(_cluster, _cluster, options, _time, NullLogger<PollerSearch>.Instance);
        _monitor = new ConflictMonitor(_reader, _search, _work, new ConflictMetrics(_registry), options, _time, NullLogger<ConflictMonitor>.Instance);
    }

    [Fact]
    public async Task The_log_is_looked_at_some_times_after_the_start_and_then_rarely()
    {
        _monitor.Keep(Instance, [Container]);
        double[] ages = [10, 30, 120];
        var age = 0.0;
        for (var look = 0; look < ages.Length; look++)
        {
            var sleep = await NextSleepAsync();
            _reader.Asked.Count.ShouldBe(look, $"before {ages[look]} seconds");
            age += sleep.TotalSeconds;
            age.ShouldBeInRange(ages[look] * 0.9, ages[look] * 1.1);
            _time.Advance(sleep);
            if (age < ages[look])
            {
                // The spread of the times may be on the early side; then what is left is slept as well.
                await PassAsync(TimeSpan.FromSeconds(ages[look] - age));
                age = ages[look];
            }
        }

        await Eventually.HoldsAsync(() => _reader.Asked.Count >= 3, "the third look");
        (await LastSleepAsync()).TotalMinutes.ShouldBeInRange(9, 11);
        _work.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conflict_in_the_log_is_told_with_its_origin_and_asks_for_one_pass()
    {
        _reader.Finding = new LogFinding.Conflict(Line);
        _monitor.Keep(Instance, [Container]);
        await RunAsync(() => !_work.Asked.IsEmpty, "the pass");
        _monitor.Observe(Instance, told: false).ShouldBe(new PollingConflict(Line, new SuspectedPollers.None(WholeCluster: true)));
        (await GaugeAsync()).ShouldBe("1");
        await RunAsync(() => _reader.Asked.Count > 3, "more looks");
        _work.Asked.ShouldBe([Instance]);
        _cluster.Requests.ShouldBe(["search Pod"]);
    }

    [Fact]
    public async Task It_is_over_once_and_asks_for_one_pass_more()
    {
        _reader.Finding = new LogFinding.Conflict(Line);
        _monitor.Keep(Instance, [Container]);
        await RunAsync(() => !_work.Asked.IsEmpty, "the pass");
        _reader.Finding = new LogFinding.Quiet();
        await RunAsync(() => _work.Asked.Count > 1, "the second pass", () => HearAsync("ok"));
        _monitor.Observe(Instance, told: true).ShouldBeNull();
        (await GaugeAsync()).ShouldBe("0");
        await PassAsync(TimeSpan.FromMinutes(30));
        _work.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_of_the_application_is_enough_and_its_origin_is_known_when_the_answer_is()
    {
        _monitor.Keep(Instance, [Container]);
        await HearAsync("unhealthy", "Telegram polling stopped due to Conflict error: x");
        _monitor.Observe(Instance, told: false).ShouldNotBeNull().Suspects.ShouldBeOfType<SuspectedPollers.None>();
        _work.Asked.ShouldBe([Instance]);
    }

    [Fact]
    public async Task A_reason_to_look_has_the_log_looked_at_now()
    {
        _monitor.Keep(Instance, [Container]);
        await NextSleepAsync();
        await HearAsync("unhealthy", "the disk is full");
        _monitor.Keep(Instance, [Container]);
        await Eventually.HoldsAsync(() => _reader.Asked.Count == 1, "the look, without a move of the clock");
    }

    [Fact]
    public async Task A_process_that_has_just_started_takes_over_what_the_status_tells()
    {
        _monitor.Observe(Instance, told: false).ShouldBeNull();
        _monitor.Observe(Instance, told: true).ShouldBe(new PollingConflict("", new SuspectedPollers.Unknown()));
        _monitor.Keep(Instance, [Container]);
        await Eventually.HoldsAsync(() => _reader.Asked.Count == 1, "the look, without a move of the clock");
        await RunAsync(() => _monitor.Observe(Instance, told: true) is null, "the end", () => HearAsync("ok"));
    }

    [Fact]
    public async Task What_is_forgotten_is_not_looked_at_and_a_look_that_was_under_way_changes_nothing()
    {
        var answer = new TaskCompletionSource();
        _reader.Until = answer.Task;
        _reader.Finding = new LogFinding.Conflict(Line);
        _monitor.Keep(Instance, [Container]);
        await RunAsync(() => !_reader.Asked.IsEmpty, "the look");
        _monitor.Forget(Instance);
        answer.SetResult();
        await PassAsync(TimeSpan.FromMinutes(30));
        _monitor.Observe(Instance, told: false).ShouldBeNull();
        _reader.Asked.Count.ShouldBe(1);
        _work.Asked.ShouldBeEmpty();
        (await GaugeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_conflict_outlasts_its_container()
    {
        _reader.Finding = new LogFinding.Conflict(Line);
        _monitor.Keep(Instance, [Container]);
        await RunAsync(() => !_work.Asked.IsEmpty, "the pass");
        _monitor.Keep(Instance, []);
        _monitor.Observe(Instance, told: true).ShouldNotBeNull();
        _reader.Finding = new LogFinding.Quiet();
        _monitor.Keep(Instance, [Container with { Restarts = 1 }]);
        await Eventually.HoldsAsync(() => _reader.Asked.Any(container => container.Restarts == 1), "the look at the next container");
        _monitor.Observe(Instance, told: true).ShouldNotBeNull();
    }

    [Fact]
    public void What_was_known_of_another_token_is_not_taken_over_from_the_status()
    {
        _monitor.Observe(Instance, told: true).ShouldNotBeNull();
        _monitor.Renew(Instance);
        _monitor.Observe(Instance, told: true).ShouldBeNull();
    }

    [Fact]
    public async Task At_most_four_logs_are_looked_at_at_once()
    {
        _reader.Until = new TaskCompletionSource().Task;
        for (var index = 0; index < 20; index++)
        {
            _monitor.Observe(InstanceWorld.Key($"fa{index}"), told: true);
            _monitor.Keep(InstanceWorld.Key($"fa{index}"), [Container with { PodUid = $"uid-{index}" }]);
        }

        await Eventually.HoldsAsync(() => _reader.Asked.Count == 4, "four looks");
        await PassAsync(TimeSpan.FromMinutes(5));
        _reader.Asked.Count.ShouldBe(4);
    }

    public void Dispose()
    {
        _monitor.Dispose();
        _search.Dispose();
    }

    private Task HearAsync(string status, string reason = "") =>
        _monitor.HeardAsync(Instance, Target, new HealthObservation(status, reason), TestContext.Current.CancellationToken).AsTask();

    private Task<TimeSpan> NextSleepAsync() => _time.NextAsync();

    private async Task<TimeSpan> LastSleepAsync()
    {
        var sleep = await _time.NextAsync();
        while (_time.IsSleeping)
        {
            sleep = await _time.NextAsync();
        }

        return sleep;
    }

    /// <summary>Lets time go by in steps until something holds.</summary>
    private Task RunAsync(Func<bool> holds, string what, Func<Task>? meanwhile = null) => Eventually.HoldsAsync(holds, what, () =>
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _ = meanwhile?.Invoke();
    });

    /// <summary>Lets time go by, with a moment in each step for the loop to come along.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var step = 0; step < 20; step++)
        {
            _time.Advance(time / 20);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task<string?> GaugeAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .SingleOrDefault(line => line.StartsWith("family_assistant_telegram_conflict{namespace=\"home\",name=\"fa\"}", StringComparison.Ordinal))?.Split(' ')[^1];
    }

    private sealed class ScriptedReader : ILogReader
    {
        private volatile LogFinding _finding = new LogFinding.Quiet();

        public ConcurrentQueue<PollingContainer> Asked { get; } = new();

        public LogFinding Finding
        {
            set => _finding = value;
        }

        public Task Until { get; set; } = Task.CompletedTask;

        public async Task<LogFinding> ReadAsync(PollingContainer container, CancellationToken ct)
        {
            Asked.Enqueue(container);
            await Until.WaitAsync(ct);
            return _finding;
        }
    }
}
