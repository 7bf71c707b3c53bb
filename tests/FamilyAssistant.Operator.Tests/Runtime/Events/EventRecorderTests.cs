using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Telemetry;
using FamilyAssistant.Operator.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Events;

public sealed class EventRecorderTests
{
    private static readonly ClusterObject Subject = Wire.Object("a", 3);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly ShiftedTime _clock;
    private readonly FakeCluster _cluster = new();
    private readonly EventRecorder _recorder;

    public EventRecorderTests()
    {
        _clock = new ShiftedTime(_time);
        _recorder = new EventRecorder(
            _cluster, new EventOptions("example.com/operator", "pod-1"), new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry()), _clock, NullLogger<EventRecorder>.Instance);
    }

    [Fact]
    public async Task An_event_says_everything_that_kubectl_and_the_server_need()
    {
        Record("Because of this.");
        await WriteAsync();

        var body = Events()[0];
        body["regarding"]!["uid"]!.GetValue<string>().ShouldBe("uid-a");
        body["metadata"]!["namespace"]!.GetValue<string>().ShouldBe("home");
        body["eventTime"]!.GetValue<string>().ShouldBe("2026-11-23T12:00:00.000000Z");
        (body["type"]!.GetValue<string>(), body["reason"]!.GetValue<string>(), body["action"]!.GetValue<string>(), body["note"]!.GetValue<string>()).ShouldBe(("Warning", "Broken", "Look", "Because of this."));
        (body["reportingController"]!.GetValue<string>(), body["reportingInstance"]!.GetValue<string>()).ShouldBe(("example.com/operator", "pod-1"));
    }

    [Fact]
    public async Task What_repeats_is_one_event_with_a_count_and_after_a_quiet_time_a_new_one()
    {
        for (var times = 0; times < 3; times++)
        {
            Record("again");
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(7));
        Record("again");
        Record("another");
        await WriteAsync();

        Events().Select(e => e["series"]?["count"]?.GetValue<int>()).ShouldBe([3, null, null]);
    }

    [Fact]
    public async Task Two_events_within_one_tick_of_the_clock_are_two()
    {
        Record("one");
        Record("two");
        await WriteAsync();

        Events().Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_object_cannot_fill_the_store_whatever_the_wall_clock_does()
    {
        for (var number = 0; number < 100; number++)
        {
            Record($"number {number}");
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        _clock.Shift = TimeSpan.FromDays(-1);
        for (var number = 100; number < 200; number++)
        {
            Record($"number {number}");
        }

        await WriteAsync();

        Events().Count.ShouldBe(25 + 2);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('ß')]
    [InlineData('€')]
    public async Task A_note_fits_into_the_bytes_that_the_server_accepts(char letter)
    {
        Record(new string(letter, 1025));
        await WriteAsync();

        var note = Events()[0]["note"]!.GetValue<string>();
        Encoding.UTF8.GetByteCount(note).ShouldBeInRange(1000, 1024);
        note.ShouldEndWith("…");
    }

    [Fact]
    public async Task An_event_that_cannot_be_written_stops_no_other()
    {
        var failures = 0;
        _cluster.Fail = request => request.StartsWith("create", StringComparison.Ordinal) && failures++ == 0 ? FakeCluster.Error(HttpStatusCode.Forbidden, "no") : null;

        Record("one");
        Record("two");
        await WriteAsync();

        Events().Select(e => e["note"]!.GetValue<string>()).ShouldBe(["two"]);
    }

    private void Record(string note) => _recorder.Record(Subject, EventSeverity.Warning, "Broken", "Look", note);

    /// <summary>What is in the queue when the recorder is stopped is written first.</summary>
    private Task WriteAsync() => _recorder.RunAsync(TimeSpan.FromSeconds(10), new CancellationToken(canceled: true));

    private List<JsonObject> Events() => [.. _cluster.All(ResourceTypes.Event, "home").Select(e => _cluster.LookJson(ResourceTypes.Event, e.Key)!)];
}
