using FamilyAssistant.Operator.Adapters.Databases;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Tests.Adapters.Monitoring;
using FamilyAssistant.Operator.Tests.Fakes;
using FamilyAssistant.Operator.Tests.Runtime;
using Prometheus;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Databases;

public sealed class DatabaseMonitorTests : IDisposable
{
    private static readonly DatabaseTarget Target = new("db.example.com", 5432, "mlbot", "alice", "canary", SslMode.Prefer);
    private static readonly DatabaseObservation.Available Well = new("17.6", 170006, VectorSupport.Installed, ["6daf0237b0ba"]);
    private static readonly DatabaseObservation.Failed Down = new(DatabaseFailures.Unreachable, "No PostgreSQL server answers.");
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly TimerLog _time = new();
    private readonly FakeWork _work = new();
    private readonly ScriptedProbe _probe = new();
    private readonly DatabaseMonitor _monitor;

    public DatabaseMonitorTests() => _monitor = new DatabaseMonitor(_probe, _work, new DatabaseMetrics(_registry), _time);

    /// <summary>An answer and the seconds until the next looks, while it stays the same.</summary>
    public static TheoryData<string, double[]> Intervals => new()
    {
        { "well", [300, 300, 300] },
        { "down", [2, 4, 8, 16, 32, 60, 60] },
        { "new", [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] },
        { "conflict", [2, 4, 8] },
        { "no vector", [2, 4, 8] },
        { "read-only", [2, 4, 8] },
        { "creatable", [300, 300] },
    };

    [Theory]
    [MemberData(nameof(Intervals))]
    public async Task The_next_look_is_near_while_something_is_wrong_and_far_while_nothing_is(string state, double[] seconds)
    {
        _probe.Answer = new DatabaseLook(state switch
        {
            "well" => Well,
            "down" => Down,
            "new" => Well with { Revisions = null },
            "conflict" => Well with { Revisions = ["a", "b"] },
            "no vector" => Well with { Vector = VectorSupport.NotPermitted },
            "read-only" => Well with { CanWrite = false },
            _ => Well with { Vector = VectorSupport.Creatable },
        });
        await ObserveAsync(Target);
        foreach (var second in seconds)
        {
            var waits = await _time.NextAsync();
            waits.TotalSeconds.ShouldBeInRange(second * 0.9, second * 1.1);
            _time.Advance(waits);
        }
    }

    [Fact]
    public async Task A_changed_answer_asks_for_a_pass_and_the_same_one_does_not()
    {
        (await ObserveAsync(Target)).ShouldBe(Well);
        await LookAgainAsync();
        _work.Asked.ShouldBeEmpty("whoever waited for the first answer has it, and the second is the same");

        _probe.Answer = new DatabaseLook(Down);
        await LookAgainAsync();
        _work.Asked.ShouldBe([InstanceWorld.Key("fa")]);
        (await ObserveAsync(Target)).ShouldBe(Down);
        await LookAgainAsync();
        _work.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Figures_that_move_by_themselves_are_metrics_and_no_reason_for_a_pass()
    {
        _probe.Answer = new DatabaseLook(Well, new DatabaseFigures(1000, new Dictionary<string, long> { ["idle"] = 3, ["active"] = 1 }));
        await ObserveAsync(Target);
        await Eventually.HoldsAsync(() => _time.IsSleeping, "the first look to be over");
        (await MetricsAsync()).ShouldBe(["connections{active} 1", "connections{idle} 3", "size_bytes 1000", "up 1"]);
        _probe.Answer = new DatabaseLook(Well, new DatabaseFigures(2000, new Dictionary<string, long> { ["idle"] = 5 }));
        await LookAgainAsync();
        (await MetricsAsync()).ShouldBe(["connections{idle} 5", "size_bytes 2000", "up 1"]);
        _work.Asked.ShouldBeEmpty();

        _probe.Answer = new DatabaseLook(Down);
        await LookAgainAsync();
        (await MetricsAsync()).ShouldBe(["up 0"], "the last figures of a database that does not answer would pass for its present ones");
        _monitor.Forget(InstanceWorld.Key("fa"));
        (await MetricsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_credentials_are_another_target_and_the_old_answer_does_not_count()
    {
        await ObserveAsync(Target);
        _probe.Answer = new DatabaseLook(Down);
        (await ObserveAsync(Target with { Password = "other" })).ShouldBe(Down);
        _probe.Targets.Select(target => target.Password).ShouldBe(["canary", "other"]);
    }

    [Fact]
    public async Task Another_incarnation_is_looked_at_now_and_the_answer_stands_until_then()
    {
        await ObserveAsync(Target);
        await _time.NextAsync();
        _probe.Answer = new DatabaseLook(Down);
        (await ObserveAsync(Target with { Incarnation = "pod:1" })).ShouldBe(Well);
        await Eventually.HoldsAsync(() => _probe.Targets.Count == 2 && !_work.Asked.IsEmpty, "a look without waiting");
        (await ObserveAsync(Target with { Incarnation = "pod:1" })).ShouldBe(Down);
        _probe.Targets.ShouldAllBe(target => target.Incarnation.Length == 0, "the probe has no use for it");
    }

    public void Dispose() => _monitor.Dispose();

    private ValueTask<DatabaseObservation?> ObserveAsync(DatabaseTarget target) =>
        _monitor.ObserveAsync(InstanceWorld.Key("fa"), target, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);

    /// <summary>Lets the present sleep pass; returns when the look after it is over, which is when the next sleep begins.</summary>
    private async Task LookAgainAsync()
    {
        var looks = _probe.Targets.Count;
        _time.Advance(await _time.NextAsync());
        await Eventually.HoldsAsync(() => _probe.Targets.Count > looks && _time.IsSleeping, "another look");
    }

    private async Task<string[]> MetricsAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, TestContext.Current.CancellationToken);
        return
        [
            .. System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Replace("family_assistant_database_", "", StringComparison.Ordinal)
                    .Replace("namespace=\"home\",name=\"fa\"", "", StringComparison.Ordinal)
                    .Replace(",state=", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private sealed class ScriptedProbe : IDatabaseProbe
    {
        private readonly Lock _lock = new();
        private readonly List<DatabaseTarget> _targets = [];
        private DatabaseLook _answer = new(Well);

        public DatabaseLook Answer
        {
            set
            {
                lock (_lock)
                {
                    _answer = value;
                }
            }
        }

        public IReadOnlyList<DatabaseTarget> Targets
        {
            get
            {
                lock (_lock)
                {
                    return [.. _targets];
                }
            }
        }

        public Task<DatabaseLook> LookAsync(string @namespace, DatabaseTarget target, CancellationToken ct)
        {
            lock (_lock)
            {
                @namespace.ShouldBe("home");
                _targets.Add(target);
                return Task.FromResult(_answer);
            }
        }
    }
}
