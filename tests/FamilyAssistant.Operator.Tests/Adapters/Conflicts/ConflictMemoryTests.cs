using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class ConflictMemoryTests
{
    private const string Line = "telegram.error.Conflict: Conflict: terminated by other getUpdates request";
    private static readonly HealthObservation Ok = new("ok", "Telegram polling active");
    private static readonly HealthObservation Starting = new("initializing", "Telegram service initializing");
    private static readonly HealthObservation Stopped = new("unhealthy", "Telegram polling stopped");
    private static readonly HealthObservation InConflict = new("unhealthy", "Telegram polling stopped due to Conflict error: Conflict: terminated by other getUpdates request");
    private static readonly SuspectedPollers Nobody = new SuspectedPollers.None(true);

    private readonly ConflictMemory _memory = new();
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Without_a_sign_there_is_none()
    {
        Start(0);
        Heard(0, Ok);
        Read(0, new LogFinding.Quiet());
        Heard(0, Stopped);
        Read(0, new LogFinding.Unreadable());
        _memory.Told.ShouldBeNull();
        _memory.BeginSearch(_now).ShouldBeFalse();
    }

    [Fact]
    public void It_is_told_with_its_origin_and_not_before()
    {
        Start(0);
        Read(0, new LogFinding.Conflict(Line));
        _memory.IsConflict.ShouldBeTrue();
        _memory.Told.ShouldBeNull();
        _memory.BeginSearch(_now).ShouldBeTrue();
        _memory.BeginSearch(_now).ShouldBeFalse("it has begun");
        _memory.Found(Nobody);
        _memory.Told.ShouldBe(new PollingConflict(Line, Nobody));
    }

    [Fact]
    public void In_a_newer_version_it_is_over_when_the_log_of_the_window_is_quiet()
    {
        Begin(Ok);
        _now += TimeSpan.FromHours(1);
        Heard(0, Ok);
        Told.ShouldBeTrue("the answer says nothing about the log");
        Read(0, new LogFinding.Unreadable());
        Told.ShouldBeTrue("what cannot be read is not quiet");
        Read(0, new LogFinding.Quiet());
        Told.ShouldBeFalse();
    }

    [Fact]
    public void In_an_older_version_it_does_not_go_away_between_two_restarts()
    {
        Start(0);
        Heard(0, InConflict);
        _memory.BeginSearch(_now);
        _memory.Found(Nobody);
        for (var restart = 1; restart < 6; restart++)
        {
            Nothing();
            Told.ShouldBeTrue("while no container runs");
            _now += TimeSpan.FromMinutes(5);
            Start(restart);
            Heard(restart, Starting);
            _now += TimeSpan.FromSeconds(5);
            Heard(restart, Ok);
            Read(restart, new LogFinding.Quiet());
            Told.ShouldBeTrue("it has only begun to poll");
            _now += TimeSpan.FromSeconds(20);
            Heard(restart, InConflict);
        }

        _now += TimeSpan.FromSeconds(30);
        Start(6);
        Heard(6, Ok);
        _now += ConflictMemory.Window;
        Read(6, new LogFinding.Quiet());
        Heard(6, Ok);
        Told.ShouldBeFalse();
    }

    [Fact]
    public void Where_the_log_cannot_be_read_the_answers_alone_begin_and_end_it()
    {
        Start(0);
        Heard(0, InConflict);
        _memory.Found(Nobody);
        Start(1);
        Read(1, new LogFinding.Unreadable());
        _now += ConflictMemory.Window;
        Heard(1, Starting);
        Told.ShouldBeTrue();
        Heard(1, Ok);
        Told.ShouldBeFalse();
    }

    [Fact]
    public void What_a_container_said_that_is_gone_does_not_count()
    {
        Start(1);
        Read(0, new LogFinding.Conflict(Line));
        Heard(0, InConflict);
        _memory.IsConflict.ShouldBeFalse();
    }

    [Fact]
    public void A_container_that_is_met_again_keeps_its_age()
    {
        Start(0);
        _now += TimeSpan.FromMinutes(1);
        Start(0);
        _memory.AgeOf(Container(0), _now).ShouldBe(TimeSpan.FromMinutes(1));
        _memory.AgeOf(Container(1), _now).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_words_stay_the_same_however_often_they_are_repeated()
    {
        Begin(Ok);
        Read(0, new LogFinding.Conflict("telegram.error.Conflict: other words"));
        _memory.Told!.Evidence.ShouldBe(Line);
    }

    [Fact]
    public void The_search_is_repeated_rarely_and_after_a_failure_soon_and_a_failure_does_not_undo_what_was_found()
    {
        Begin(Ok);
        _now += TimeSpan.FromMinutes(4);
        _memory.BeginSearch(_now).ShouldBeFalse();
        _now += TimeSpan.FromMinutes(1);
        _memory.BeginSearch(_now).ShouldBeTrue();
        _memory.Found(new SuspectedPollers.Unknown());
        _memory.Told!.Suspects.ShouldBe(Nobody);

        var other = new ConflictMemory(told: true);
        other.BeginSearch(_now).ShouldBeTrue();
        other.Found(new SuspectedPollers.Unknown());
        other.BeginSearch(_now + TimeSpan.FromSeconds(29)).ShouldBeFalse();
        other.BeginSearch(_now + TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void One_that_the_status_told_of_lasts_until_it_is_seen_to_be_over()
    {
        var memory = new ConflictMemory(told: true);
        memory.Told.ShouldBe(new PollingConflict("", new SuspectedPollers.Unknown()));
        memory.IsSuspicious.ShouldBeTrue();
        memory.Keep([Container(0)], _now);
        memory.Heard("uid", 0, Ok, _now);
        memory.Read(Container(0), new LogFinding.Quiet(), _now);
        memory.Told.ShouldNotBeNull();
        memory.Heard("uid", 0, Ok, _now + ConflictMemory.Window);
        memory.Told.ShouldBeNull();
    }

    [Fact]
    public void An_answer_that_something_is_wrong_is_a_reason_to_look()
    {
        Start(0);
        _memory.IsSuspicious.ShouldBeFalse();
        Heard(0, Starting);
        _memory.IsSuspicious.ShouldBeFalse();
        Heard(0, Stopped);
        _memory.IsSuspicious.ShouldBeTrue();
        Heard(0, Ok);
        _memory.IsSuspicious.ShouldBeFalse();
    }

    [Fact]
    public void The_next_conflict_begins_anew()
    {
        In_a_newer_version_it_is_over_when_the_log_of_the_window_is_quiet();
        Read(0, new LogFinding.Conflict("telegram.error.Conflict: again"));
        Told.ShouldBeFalse("its origin is looked for first");
        _memory.BeginSearch(_now).ShouldBeTrue();
        _memory.Found(Nobody);
        _memory.Told!.Evidence.ShouldBe("telegram.error.Conflict: again");
    }

    private bool Told => _memory.Told is not null;

    private static PollingContainer Container(int restarts) => new(InstanceWorld.Key("fa-0"), "uid", restarts, "family-assistant");

    private void Start(int restarts) => _memory.Keep([Container(restarts)], _now);

    private void Nothing() => _memory.Keep([], _now);

    private void Heard(int restarts, HealthObservation answer) => _memory.Heard("uid", restarts, answer, _now);

    private void Read(int restarts, LogFinding finding) => _memory.Read(Container(restarts), finding, _now);

    private void Begin(HealthObservation answer)
    {
        Start(0);
        Heard(0, answer);
        Read(0, new LogFinding.Conflict(Line));
        _memory.BeginSearch(_now);
        _memory.Found(Nobody);
    }
}
