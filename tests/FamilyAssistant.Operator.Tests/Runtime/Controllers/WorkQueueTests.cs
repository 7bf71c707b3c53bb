using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Controllers;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly ObjectKey A = new("home", "a");
    private static readonly KeyBackOff BackOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), () => 0.5);
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue _queue;

    public WorkQueueTests() => _queue = new WorkQueue("test", BackOff, new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry()), _time);

    [Fact]
    public async Task A_key_that_is_added_often_waits_once()
    {
        _queue.Enqueue(A);
        _queue.Enqueue(A);

        await TakeAsync();
        _queue.Complete(A, ReconcileResult.Done);

        IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_is_added_during_its_pass_is_handed_out_after_it()
    {
        _queue.Enqueue(A);
        await TakeAsync();
        _queue.Enqueue(A);
        IsEmpty().ShouldBeTrue("a second worker must not get it");

        _queue.Complete(A, ReconcileResult.Done);

        (await TakeAsync()).ShouldBe(A);
    }

    [Fact]
    public async Task Failures_back_off_from_one_second_to_a_minute_and_a_success_forgets_them()
    {
        _queue.Enqueue(A);
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            await TakeAsync();
            _queue.Complete(A, ReconcileResult.BackOff);
            _time.Advance(TimeSpan.FromSeconds(seconds - 0.5));
            IsEmpty().ShouldBeTrue($"before {seconds} s");
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        await TakeAsync();
        _queue.Complete(A, ReconcileResult.Done);
        _queue.Enqueue(A);
        await TakeAsync();
        _queue.Complete(A, ReconcileResult.BackOff);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync()).ShouldBe(A);
    }

    [Fact]
    public async Task A_pass_that_begins_earlier_replaces_an_appointment()
    {
        _queue.Enqueue(A);
        await TakeAsync();
        _queue.Complete(A, ReconcileResult.CheckAfter(TimeSpan.FromMinutes(1)));
        _queue.Enqueue(A);
        await TakeAsync();
        _queue.Complete(A, ReconcileResult.Done);

        _time.Advance(TimeSpan.FromMinutes(2));

        IsEmpty().ShouldBeTrue();
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(365 * 24 * 3600)]
    public async Task An_appointment_at_any_distance_is_kept_or_comes_early_and_never_breaks_a_worker(int seconds)
    {
        _queue.Enqueue(A);
        await TakeAsync();

        _queue.Complete(A, ReconcileResult.CheckAfter(TimeSpan.FromSeconds(seconds)));

        _time.Advance(TimeSpan.FromSeconds(Math.Max(seconds, 0)));
        (await TakeAsync()).ShouldBe(A);
    }

    public void Dispose() => _queue.Dispose();

    private async Task<ObjectKey> TakeAsync() => await _queue.TakeAsync(TestContext.Current.CancellationToken);

    private bool IsEmpty()
    {
        using var now = new CancellationTokenSource();
        var take = _queue.TakeAsync(now.Token);
        if (take.IsCompletedSuccessfully)
        {
            return false;
        }

        now.Cancel();
        return true;
    }
}
