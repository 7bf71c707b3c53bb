using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Backups;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>
/// A year of the schedule in simulated time. The operator looks when its timer says so, is down for random times, dies between the creation of a backup and the record of it, and has
/// nothing but record and objects to go by; the clock is changed twice a year by law and, in the second test, is wrong by up to three days to and fro.
/// </summary>
public sealed class ScheduleYearTests
{
    private static readonly DateTimeOffset Begin = BackupScheduleTests.At("2026-01-15T10:07:03Z");

    public static TheoryData<string, string, int> Years
    {
        get
        {
            var years = new TheoryData<string, string, int>();
            foreach (var zone in (string[])["Australia/Sydney", "Europe/Berlin", "America/New_York", "Etc/UTC"])
            {
                foreach (var schedule in (string[])["30 2 * * *", "0 1,2,3 * * 0", "0 0 1 * *", "@hourly"])
                {
                    years.Add(zone, schedule, 1);
                    years.Add(zone, schedule, 2);
                }

                years.Add(zone, "*/15 * * * *", 1);
            }

            return years;
        }
    }

    [Theory]
    [MemberData(nameof(Years))]
    public void Each_tick_of_a_year_has_one_backup_or_is_recorded_as_missed(string zone, string schedule, int seed)
    {
        var world = new World(zone, schedule, seed);
        world.Run(Begin.AddDays(366), jumps: false);

        var ticks = world.TicksSince(Begin);
        world.Made.Keys.Except(ticks).ShouldBeEmpty("only ticks have backups");
        world.Made.Where(made => made.Value != 1).ShouldBeEmpty();
        (world.Made.Count + (world.Record.Missed?.Count ?? 0)).ShouldBe(ticks.Count);
        world.Made.Count.ShouldBeGreaterThan(ticks.Count / 3, "it is no year of misses");
        (schedule is "0 0 1 * *" || world.Record.Missed is not null).ShouldBeTrue("the times without an operator were long enough to matter");
    }

    [Theory]
    [InlineData("Australia/Sydney", "30 2 * * *", 3)]
    [InlineData("Australia/Sydney", "@hourly", 4)]
    [InlineData("Europe/Berlin", "30 2 * * *", 5)]
    [InlineData("Europe/Berlin", "@hourly", 6)]
    [InlineData("America/New_York", "0 1,2,3 * * *", 7)]
    [InlineData("America/New_York", "@hourly", 8)]
    [InlineData("Etc/UTC", "0 */6 * * *", 9)]
    [InlineData("Etc/UTC", "0 0 * * 0", 10)]
    public void A_clock_that_jumps_makes_no_tick_twice_and_leaves_none_unaccounted_for(string zone, string schedule, int seed)
    {
        var world = new World(zone, schedule, seed);
        world.Run(Begin.AddDays(366), jumps: true);

        world.Made.Where(made => made.Value != 1).ShouldBeEmpty();
        // After the last jump the schedule goes on as if nothing had been.
        var quiet = world.Now;
        world.MakeQuiet();
        world.Run(quiet.AddDays(62), jumps: false);
        var due = world.TicksSince(quiet).Where(tick => tick > quiet.AddDays(10)).ToList();
        due.ShouldNotBeEmpty();
        // A tick that comes while the backup of an earlier one still runs is missed; that happens to few.
        due.Count(world.Made.ContainsKey).ShouldBeGreaterThan(due.Count / 3, "no jump stops the schedule");
        world.Made.Keys.Max().ShouldBe(due[^1]);
    }

    /// <summary>Record and objects survive; everything else begins anew with each look.</summary>
    private sealed class World(string zone, string schedule, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly BackupSchedule _schedule = BackupScheduleTests.Of(schedule, zone);
        private readonly string _text = $"{schedule} {zone}";
        private readonly List<BackupFacts> _objects = [];
        private bool _quiet;
        private TimeSpan _skew;

        public DateTimeOffset Now { get; private set; } = Begin;

        public TickRecord Record { get; private set; } = TickRecord.Empty;

        /// <summary>How often each tick was created.</summary>
        public Dictionary<DateTimeOffset, int> Made { get; } = [];

        public void MakeQuiet() => _quiet = true;

        public void Run(DateTimeOffset end, bool jumps)
        {
            while (Now < end)
            {
                Look();
                var next = _schedule.Next(Now)!.Value - Now;
                // The timer of the step, with the delay of a busy machine; now and then nobody is there for a while.
                Now += next < BackupSchedule.LeastForBackups ? next + TimeSpan.FromMilliseconds(_random.Next(-2, 3000)) : BackupSchedule.LeastForBackups;
                if (!_quiet && _random.Next(1500) == 0)
                {
                    Now += TimeSpan.FromMinutes(_random.Next(60 * 24 * 10));
                }

                if (jumps && _random.Next(1000) == 0)
                {
                    var skew = TimeSpan.FromMinutes(_random.Next(2) * _random.Next(-60 * 24 * 3, 60 * 24 * 3));
                    (Now, _skew) = (Now - _skew + skew, skew);
                }
            }

            // What the last tick waits for ends.
            for (var looks = 0; looks < 50; looks++)
            {
                Look();
            }
        }

        public List<DateTimeOffset> TicksSince(DateTimeOffset begin)
        {
            List<DateTimeOffset> ticks = [];
            for (var tick = _schedule.Next(begin); tick <= Now; tick = _schedule.Next(tick!.Value))
            {
                ticks.Add(tick!.Value);
            }

            return ticks;
        }

        private void Look()
        {
            // Backups take their time, and the objects of old ones are deleted.
            for (var index = 0; index < _objects.Count; index++)
            {
                if (_objects[index] is { IsUnfinished: true } running && _random.Next(3) > 0)
                {
                    _objects[index] = running with { Phase = _random.Next(10) == 0 ? "Failed" : "Completed", Finished = Now };
                }
            }

            if (_objects.Count > 400)
            {
                _objects.Sort((one, other) => one.Created.CompareTo(other.Created));
                _objects.RemoveRange(0, 100);
            }

            var plan = BackupsPlan.Decide(_schedule, _text, Record, _objects, Now);
            if (plan is { Due: { } due, Done: { } done })
            {
                var name = ObjectNames.ScheduledBackup("fa", due);
                if (_objects.All(backup => backup.Name != name))
                {
                    _objects.Add(BackupsPlanTests.Made(BackupFacts.Text(due)) with { Phase = "Pending", Finished = null, Created = Now });
                    Made[due] = Made.GetValueOrDefault(due) + 1;
                }

                // Dies before the record is written: the next look finds the object.
                Record = _random.Next(10) == 0 ? Record with { Schedule = plan.Record.Schedule, Since = plan.Record.Since } : done;
                return;
            }

            Record = plan.Record;
        }
    }
}
