using FamilyAssistant.Operator.Runtime.Leadership;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Leadership;

public sealed class LeaderElectorTests : IDisposable
{
    private static readonly LeaderOptions Options = new() { Namespace = "system", LeaseName = "lease", Identity = "me" };
    private readonly CancellationTokenSource _stop = new();
    private readonly SettlingTime _time = new();
    private readonly FakeLease _lease = new();
    private readonly LeaderElector _elector;

    public LeaderElectorTests() =>
        _elector = new LeaderElector(_lease, Options, new RuntimeMetrics(Prometheus.Metrics.NewCustomRegistry()), _time, NullLogger<LeaderElector>.Instance);

    [Fact]
    public async Task A_lease_that_does_not_exist_is_created()
    {
        await _elector.AcquireAsync(_stop.Token);

        _lease.Current!.Holder.ShouldBe("me");
        _lease.Current.DurationSeconds.ShouldBe(15);
    }

    [Fact]
    public async Task A_lease_with_an_empty_spec_is_taken_over_at_once()
    {
        _lease.Set(new LeaseRecord(null, "", 15, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0));

        await _elector.AcquireAsync(_stop.Token);

        _lease.Current!.Holder.ShouldBe("me");
    }

    /// <summary>Clocks of machines differ: what counts is how long the Lease has not changed as seen from here.</summary>
    [Theory]
    [InlineData(-1000)]
    [InlineData(1000)]
    public async Task A_silent_holder_is_waited_for_as_long_as_its_lease_says_whatever_its_clock_says(int hours)
    {
        _lease.Set(FakeLease.Of("other", seconds: 60, at: _time.GetUtcNow().AddHours(hours)));
        var began = _time.GetUtcNow();

        var acquire = _elector.AcquireAsync(_stop.Token);
        await _time.AdvanceAsync(TimeSpan.FromMinutes(5), acquire);

        (_time.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(64));
        _lease.Current!.Transitions.ShouldBe(4);
    }

    [Fact]
    public async Task A_holder_that_renews_is_not_disturbed()
    {
        _lease.Set(FakeLease.Of("other"));
        var acquire = _elector.AcquireAsync(_stop.Token);
        for (var second = 0; second < 60; second++)
        {
            _lease.Set(_lease.Current! with { RenewTime = _time.GetUtcNow() });
            await _time.AdvanceAsync(TimeSpan.FromSeconds(1), acquire);
        }

        acquire.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task An_outage_shorter_than_the_deadline_is_survived()
    {
        var hold = await HoldAsync();
        await _time.AdvanceAsync(TimeSpan.FromSeconds(2), hold);
        var renewals = _lease.Holders.Count;

        _lease.Down = true;
        await _time.AdvanceAsync(TimeSpan.FromSeconds(9.2), hold);
        _lease.Down = false;
        await _time.AdvanceAsync(TimeSpan.FromSeconds(20), hold);

        hold.IsCompleted.ShouldBeFalse();
        _lease.Holders.Count.ShouldBeGreaterThan(renewals);
    }

    [Fact]
    public async Task A_longer_outage_loses_it_at_the_deadline_and_not_after_the_lease()
    {
        var hold = await HoldAsync();
        _lease.Down = true;
        var began = _time.GetUtcNow();

        await _time.AdvanceAsync(TimeSpan.FromMinutes(5), hold);

        await Should.ThrowAsync<LeadershipLostException>(hold);
        (_time.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(10.5));
    }

    [Fact]
    public async Task A_renewal_without_an_answer_does_not_outlive_the_deadline()
    {
        var hold = await HoldAsync();
        _lease.LoseAnswer = true;
        var began = _time.GetUtcNow();

        await _time.AdvanceAsync(TimeSpan.FromMinutes(5), hold);

        await Should.ThrowAsync<LeadershipLostException>(hold);
        (_time.GetUtcNow() - began).ShouldBeLessThan(TimeSpan.FromSeconds(10.5));
    }

    [Fact]
    public async Task Another_holder_ends_it_at_the_next_renewal()
    {
        var hold = await HoldAsync();
        _lease.Set(FakeLease.Of("other"));

        await _time.AdvanceAsync(TimeSpan.FromSeconds(2.2), hold);

        await Should.ThrowAsync<LeadershipLostException>(hold);
        _lease.Current!.Holder.ShouldBe("other");
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("emptied")]
    [InlineData("labelled")]
    public async Task A_lease_that_somebody_meddled_with_is_held_on_to(string how)
    {
        var hold = await HoldAsync();
        _lease.Set(how switch { "deleted" => null, "emptied" => FakeLease.Of(""), _ => _lease.Current });

        await _time.AdvanceAsync(TimeSpan.FromSeconds(30), hold);

        hold.IsCompleted.ShouldBeFalse();
        _lease.Current!.Holder.ShouldBe("me");
        _lease.Holders.ShouldAllBe(holder => holder == "me");
    }

    [Fact]
    public async Task A_released_lease_is_empty_so_that_another_takes_it_at_once()
    {
        await HoldAsync();

        await _elector.ReleaseAsync(TestContext.Current.CancellationToken);

        _lease.Current!.Holder.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renewal_that_was_cut_off_by_the_stop_does_not_keep_the_lease_from_being_released()
    {
        var hold = await HoldAsync();
        _lease.LoseAnswer = true;
        await _time.AdvanceAsync(TimeSpan.FromSeconds(2.2), hold);
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hold);

        await _elector.ReleaseAsync(TestContext.Current.CancellationToken);

        _lease.Current!.Holder.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lease_of_another_is_not_released()
    {
        await HoldAsync();
        _lease.Set(FakeLease.Of("other"));

        await _elector.ReleaseAsync(TestContext.Current.CancellationToken);

        _lease.Current!.Holder.ShouldBe("other");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<Task> HoldAsync()
    {
        await _elector.AcquireAsync(_stop.Token);
        return _elector.HoldAsync(_stop.Token);
    }
}
