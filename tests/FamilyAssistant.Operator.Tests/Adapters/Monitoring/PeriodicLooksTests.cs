using System.Collections.Concurrent;
using FamilyAssistant.Operator.Adapters.Monitoring;
using FamilyAssistant.Operator.Tests.Runtime;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Monitoring;

public sealed class PeriodicLooksTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private readonly TimerLog _time = new();
    private readonly Plan _plan = new();
    private readonly PeriodicLooks<string, string, string> _looks;

    public PeriodicLooksTests() => _looks = new(_plan, atOnce: 2, _time);

    [Fact]
    public async Task The_first_answer_is_waited_for_and_not_announced_as_well()
    {
        var waiting = ObserveAsync("key", "target");
        await AnswerAsync("target", "good");
        (await waiting).ShouldBe("good");
        await Eventually.HoldsAsync(() => !_plan.Seen.IsEmpty, "the plan to be told");
        _plan.Seen.ShouldBe([("key", "good", false)]);
        (await ObserveAsync("key", "target")).ShouldBe("good", "the latest answer is there at once");
    }

    [Fact]
    public async Task A_first_answer_for_which_nobody_waits_any_more_is_announced()
    {
        var waiting = _looks.ObserveAsync("key", "target", "", TimeSpan.FromHours(2), TestContext.Current.CancellationToken).AsTask();
        var look = await _plan.LookAsync("target");
        _time.Advance(TimeSpan.FromHours(2));
        (await waiting).ShouldBeNull();
        look.SetResult("good");
        await Eventually.HoldsAsync(() => !_plan.Seen.IsEmpty, "the plan to be told");
        _plan.Seen.ShouldBe([("key", "good", true)]);
    }

    [Fact]
    public async Task A_wait_ends_with_its_cancellation_and_the_look_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _looks.ObserveAsync("key", "target", "", Long, stop.Token).AsTask();
        var look = await _plan.LookAsync("target");
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        look.SetResult("good");
        (await ObserveAsync("key", "target")).ShouldBe("good");
    }

    [Fact]
    public async Task Failures_in_a_row_are_counted_and_one_good_answer_ends_the_row()
    {
        string[] answers = ["bad", "bad", "other", "good", "bad"];
        _ = ObserveAsync("key", "target");
        foreach (var answer in answers)
        {
            await AnswerAsync("target", answer);
            _time.Advance(await _time.NextAsync());
        }

        _plan.Failures.ShouldBe([1, 2, 3, 0, 1]);
        _plan.Seen.ShouldBe([("key", "bad", false), ("key", "bad", false), ("key", "other", true), ("key", "good", true), ("key", "bad", true)]);
    }

    [Fact]
    public async Task An_answer_about_the_target_of_before_counts_for_nothing()
    {
        var before = ObserveAsync("key", "old");
        var late = await _plan.LookAsync("old");
        var now = ObserveAsync("key", "new");
        (await before).ShouldBeNull("there will be no answer about it");
        late.TrySetResult("of old");
        await AnswerAsync("new", "of new");
        (await now).ShouldBe("of new");
        await _time.NextAsync();
        _plan.Seen.Select(seen => seen.Seen).ShouldBe(["of new"]);
    }

    [Fact]
    public async Task An_incarnation_that_is_met_during_a_look_is_looked_at_right_after_it()
    {
        var waiting = ObserveAsync("key", "target", "one");
        var look = await _plan.LookAsync("target");
        _ = ObserveAsync("key", "target", "two");
        look.SetResult("good");
        await waiting;
        await AnswerAsync("target", "again");
        await Eventually.HoldsAsync(() => _plan.Seen.Count == 2, "the second answer");
        _time.GetUtcNow().ShouldBe(_time.Start, "without any time passing");
    }

    [Fact]
    public async Task A_forgotten_key_is_not_looked_at_again()
    {
        var waiting = ObserveAsync("key", "target");
        await AnswerAsync("target", "good");
        await waiting;
        await _time.NextAsync();
        _looks.Forget("key");
        await Eventually.HoldsAsync(() => _time.Open == 0, "the loop to end");
        _time.Advance(TimeSpan.FromDays(1));
        _looks.Keys.ShouldBeEmpty();
        _plan.Begun.ShouldBe(1);
        _plan.Seen.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_look_that_is_under_way_when_its_key_is_forgotten_is_cancelled_and_says_nothing()
    {
        var waiting = ObserveAsync("key", "target");
        var look = await _plan.LookAsync("target");
        _looks.Forget("key");
        (await waiting).ShouldBeNull();
        await Eventually.HoldsAsync(() => look.Task.IsCanceled, "the look to be cancelled");
        _plan.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_keys_that_match_are_forgotten()
    {
        _ = ObserveAsync("a1", "one");
        _ = ObserveAsync("a2", "two");
        _ = ObserveAsync("b1", "three");
        _looks.Forget(key => key.StartsWith('a'));
        _looks.Keys.ShouldBe(["b1"]);
        await AnswerAsync("three", "good");
        await Eventually.HoldsAsync(() => !_plan.Seen.IsEmpty, "the one that is left");
        _plan.Seen.ShouldBe([("b1", "good", false)]);
    }

    [Fact]
    public async Task No_more_looks_are_under_way_than_are_allowed()
    {
        foreach (var key in new[] { "a", "b", "c" })
        {
            _ = ObserveAsync(key, key);
        }

        await Eventually.HoldsAsync(() => _plan.Open.Count == 2, "two looks");
        _plan.Begun.ShouldBe(2);
        _plan.Open.First().Value.SetResult("good");
        await Eventually.HoldsAsync(() => _plan.Begun == 3, "the third look");
        _plan.Most.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(int.MaxValue, 60)]
    [InlineData(0, 2)]
    public void Times_double_up_to_the_most(int failures, int seconds) =>
        LookTimes.BackOff(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), failures).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0, 90)]
    [InlineData(0.5, 100)]
    [InlineData(0.999999, 110)]
    public void Times_are_spread_by_a_tenth(double random, int seconds) =>
        LookTimes.Jitter(TimeSpan.FromSeconds(100), random).TotalSeconds.ShouldBe(seconds, 0.001);

    public void Dispose() => _looks.Dispose();

    private Task<string?> ObserveAsync(string key, string target, string incarnation = "") =>
        _looks.ObserveAsync(key, target, incarnation, Long, TestContext.Current.CancellationToken).AsTask();

    private async Task AnswerAsync(string target, string answer) => (await _plan.LookAsync(target)).SetResult(answer);

    /// <summary>Every look stays open until the test answers it. <c>good</c> is well.</summary>
    private sealed class Plan : ILookPlan<string, string, string>
    {
        private int _begun;
        private int _most;

        public ConcurrentDictionary<string, TaskCompletionSource<string>> Open { get; } = new();

        public ConcurrentQueue<(string Key, string Seen, bool Changed)> Seen { get; } = new();

        public ConcurrentQueue<int> Failures { get; } = new();

        public int Begun => Volatile.Read(ref _begun);

        public int Most => Volatile.Read(ref _most);

        /// <summary>The look at this target that is under way.</summary>
        public async Task<TaskCompletionSource<string>> LookAsync(string target)
        {
            TaskCompletionSource<string>? look = null;
            await Eventually.HoldsAsync(() => Open.TryGetValue(target, out look), $"a look at {target}");
            return look!;
        }

        public async Task<string> LookAsync(string key, string target, CancellationToken ct)
        {
            var look = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var cancelled = ct.Register(() => look.TrySetCanceled(ct));
            Open[target] = look;
            Volatile.Write(ref _most, Math.Max(_most, Open.Count));
            Interlocked.Increment(ref _begun);
            try
            {
                return await look.Task;
            }
            finally
            {
                Open.TryRemove(target, out _);
            }
        }

        public bool IsWell(string seen) => seen == "good";

        public TimeSpan NextLook(string seen, int failuresInARow)
        {
            Failures.Enqueue(failuresInARow);
            return TimeSpan.FromMinutes(1);
        }

        void ILookPlan<string, string, string>.Seen(string key, string seen, bool changed) => Seen.Enqueue((key, seen, changed));
    }
}
