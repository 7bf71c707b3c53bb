using System.Collections.Concurrent;
using FamilyAssistant.Operator.Adapters.Health;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Adapters.Monitoring;
using FamilyAssistant.Operator.Tests.Fakes;
using FamilyAssistant.Operator.Tests.Runtime;
using Prometheus;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Health;

public sealed class HealthMonitorTests : IDisposable
{
    private static readonly ObjectKey Instance = InstanceWorld.Key("fa");
    private static readonly HealthTarget First = new("uid-1", 0, "10.0.0.1", 8000);
    private static readonly HealthTarget Second = new("uid-2", 0, "10.0.0.2", 8000);
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly TimerLog _time = new();
    private readonly FakeWork _work = new();
    private readonly ScriptedProbe _probe = new();
    private readonly Listener _listener = new();
    private readonly HealthMonitor _monitor;

    public HealthMonitorTests() => _monitor = new HealthMonitor(_probe, _listener, _work, new HealthMetrics(_registry), _time);

    [Theory]
    [InlineData("ok", new double[] { 30, 30 })]
    [InlineData("healthy", new double[] { 30, 30 })]
    [InlineData("initializing", new double[] { 1, 5, 5 })]
    [InlineData("unhealthy", new double[] { 1, 5, 5 })]
    [InlineData("", new double[] { 1, 5, 5 })]
    public async Task The_next_question_is_near_while_the_application_is_not_well(string status, double[] seconds)
    {
        _probe.Status = status;
        await ObserveAsync(First);
        foreach (var second in seconds)
        {
            var sleep = await _time.NextAsync();
            sleep.TotalSeconds.ShouldBeInRange(second * 0.9, second * 1.1);
            _time.Advance(sleep);
        }
    }

    [Fact]
    public async Task A_changed_answer_asks_for_a_pass_and_the_same_one_does_not()
    {
        _probe.Status = "initializing";
        await ObserveAsync(First);
        await AskAgainAsync();
        _work.Asked.ShouldBeEmpty();
        _probe.Status = "ok";
        await AskAgainAsync();
        _work.Asked.ShouldBe([Instance]);
        await AskAgainAsync();
        _work.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_is_heard_before_a_pass_is_asked_for()
    {
        await ObserveAsync(First);
        await _time.NextAsync();
        var heard = new TaskCompletionSource();
        _listener.Until = heard.Task;
        _probe.Status = "unhealthy";
        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => _listener.Heard.Count == 2, "the second answer");
        _work.Asked.ShouldBeEmpty();
        heard.SetResult();
        await Eventually.HoldsAsync(() => !_work.Asked.IsEmpty, "the pass");
        _listener.Heard.ShouldBe(["home/fa uid-1 ok", "home/fa uid-1 unhealthy"]);
    }

    [Fact]
    public async Task A_restarted_container_is_asked_anew()
    {
        await ObserveAsync(First);
        _probe.Status = "initializing";
        (await ObserveAsync(First with { Restarts = 1 }))!.Status.ShouldBe("initializing", "the answer of the container before does not count");
    }

    [Fact]
    public async Task The_gauge_is_up_when_every_pod_is_well_and_goes_with_the_instance()
    {
        await ObserveAsync(First);
        await _time.NextAsync();
        (await GaugeAsync()).ShouldBe("1");
        _probe.Status = "unhealthy";
        await ObserveAsync(Second);
        await _time.NextAsync();
        (await GaugeAsync()).ShouldBe("0");
        _monitor.Forget(Instance);
        (await GaugeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_pod_that_is_not_kept_is_not_asked_again_and_does_not_count()
    {
        _probe.Status = "unhealthy";
        await ObserveAsync(First);
        await _time.NextAsync();
        _monitor.Keep(Instance, [Second]);
        await Eventually.HoldsAsync(() => _time.Open == 0, "the questions to the first pod to end");
        _probe.Status = "ok";
        await ObserveAsync(Second);
        var sleep = await _time.NextAsync();
        (await GaugeAsync()).ShouldBe("1");
        _time.Advance(sleep);
        await _time.NextAsync();
        _probe.Asked.Count(target => target == First).ShouldBe(1);
        _probe.Asked.Count(target => target == Second).ShouldBe(2);
    }

    [Fact]
    public async Task Pods_of_other_instances_are_kept()
    {
        await ObserveAsync(First, InstanceWorld.Key("other"));
        var sleep = await _time.NextAsync();
        _monitor.Keep(Instance, []);
        _monitor.Forget(Instance);
        _time.Advance(sleep);
        await _time.NextAsync();
        _probe.Asked.Count.ShouldBe(2);
    }

    public void Dispose() => _monitor.Dispose();

    private ValueTask<HealthObservation?> ObserveAsync(HealthTarget target, ObjectKey? instance = null) =>
        _monitor.ObserveAsync(instance ?? Instance, target, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

    private async Task AskAgainAsync()
    {
        _time.Advance(await _time.NextAsync());
        await Eventually.HoldsAsync(() => _time.IsSleeping, "another question");
    }

    private async Task<string?> GaugeAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .SingleOrDefault(line => line.StartsWith("family_assistant_health_up{namespace=\"home\",name=\"fa\"}", StringComparison.Ordinal))?.Split(' ')[^1];
    }

    private sealed class Listener : IHealthListener
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public Task Until { get; set; } = Task.CompletedTask;

        public async ValueTask HeardAsync(ObjectKey instance, HealthTarget target, HealthObservation answer, CancellationToken ct)
        {
            Heard.Enqueue($"{instance} {target.PodUid} {answer.Status}");
            await Until;
        }
    }

    private sealed class ScriptedProbe : IHealthProbe
    {
        private readonly Lock _lock = new();
        private readonly List<HealthTarget> _asked = [];
        private string _status = "ok";

        public string Status
        {
            set
            {
                lock (_lock)
                {
                    _status = value;
                }
            }
        }

        public IReadOnlyList<HealthTarget> Asked
        {
            get
            {
                lock (_lock)
                {
                    return [.. _asked];
                }
            }
        }

        public Task<HealthObservation> AskAsync(HealthTarget target, CancellationToken ct)
        {
            lock (_lock)
            {
                _asked.Add(target);
                return Task.FromResult(new HealthObservation(_status, ""));
            }
        }
    }
}
