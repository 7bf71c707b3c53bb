using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cronos;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// When something is due: five fields of cron, or a macro, in a time zone. Ticks are whole minutes. On a day with a changed clock a time that does not exist becomes the first one after the
/// gap, and a time that exists twice is one tick; "every" so many minutes or hours goes on through both. Pure.
/// </summary>
internal sealed class BackupSchedule
{
    /// <summary>From so many on, ticks are not counted further.</summary>
    public const int MostCounted = 1000;

    /// <summary>Shortest time between two backups.</summary>
    public static readonly TimeSpan LeastForBackups = TimeSpan.FromMinutes(15);

    /// <summary>Shortest time between two test restores.</summary>
    public static readonly TimeSpan LeastForVerification = TimeSpan.FromHours(1);

    /// <summary>Enough for every pattern of days and times that a five-field expression can have.</summary>
    private const int Sampled = 1000;

    /// <summary>Ticks are whole minutes.</summary>
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMinutes(1);

    /// <summary>More than between two 29ths of February around a year without one.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromDays(366 * 20);

    /// <summary>The samples begin here, so that the answer does not depend on the day of the question.</summary>
    private static readonly DateTime SampleStart = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly CronExpression _expression;
    private readonly TimeZoneInfo _zone;

    private BackupSchedule(CronExpression expression, TimeZoneInfo zone) => (_expression, _zone) = (expression, zone);

    /// <summary>The schedule of the backups; null when there is none. False with what is wrong with it.</summary>
    public static bool TryReadBackups(BackupPolicySpec policy, out BackupSchedule? schedule, [NotNullWhen(false)] out ScheduleFault? fault) =>
        TryRead(policy.Schedule, policy.TimeZone, "spec.backup.schedule", LeastForBackups, out schedule, out fault);

    /// <summary>The schedule of the test restores; null when there is none. False with what is wrong with it.</summary>
    public static bool TryReadVerification(BackupPolicySpec policy, out BackupSchedule? schedule, [NotNullWhen(false)] out ScheduleFault? fault) =>
        TryRead(policy.Verification?.Schedule, policy.TimeZone, "spec.backup.verification.schedule", LeastForVerification, out schedule, out fault);

    /// <summary>The time zone of that name; null when the operator knows none.</summary>
    public static TimeZoneInfo? Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The latest tick that is not after this time; null when there is none.</summary>
    /// <remarks>By halves on the way forth: the library's own way back (0.13.0) is a second off where a clock is set forward.</remarks>
    public DateTimeOffset? Latest(DateTimeOffset now)
    {
        var span = TimeSpan.FromHours(1);
        while (!(Next(now - span) <= now))
        {
            span *= 2;
            if (span > LongestGap)
            {
                return null;
            }
        }

        var (low, high) = (now - span, now);
        while (high - low > ShortestGap)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Next(middle) <= now ? (middle, high) : (low, middle);
        }

        return Next(low);
    }

    /// <summary>The latest tick before this time.</summary>
    public DateTimeOffset? Before(DateTimeOffset time) => Latest(time.AddTicks(-1));

    /// <summary>The first tick after this time; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset time) => _expression.GetNextOccurrence(time, _zone)?.ToUniversalTime();

    /// <summary>The ticks between two times, neither included; counting stops at <see cref="MostCounted"/>.</summary>
    public int Count(DateTimeOffset after, DateTimeOffset before)
    {
        var count = 0;
        for (var tick = Next(after); tick is { } at && at < before && count < MostCounted; tick = Next(at))
        {
            count++;
        }

        return count;
    }

    private static bool TryRead(string? text, string timeZone, string field, TimeSpan least, out BackupSchedule? schedule, [NotNullWhen(false)] out ScheduleFault? fault)
    {
        (schedule, fault) = (null, null);
        if (text is null)
        {
            return true;
        }

        if (Zone(timeZone) is not { } zone)
        {
            fault = new ScheduleFault(BackupsReasons.UnknownTimeZone, $"spec.backup.timeZone: {timeZone} is not a time zone that the operator knows. Use a name of the IANA database, for example Europe/Berlin or Etc/UTC.");
            return false;
        }

        CronExpression expression;
        try
        {
            expression = CronExpression.Parse(text, CronFormat.Standard);
        }
        catch (Exception error) when (error is FormatException or MissingSeedException)
        {
            fault = new ScheduleFault(BackupsReasons.InvalidSchedule, $"{field}: \"{text}\" is not minute, hour, day, month and weekday as in cron. {error.Message}");
            return false;
        }

        schedule = new BackupSchedule(expression, zone);
        fault = Fault(expression, text, field, least);
        return fault is null;
    }

    private static ScheduleFault? Fault(CronExpression expression, string text, string field, TimeSpan least)
    {
        // In UTC: that a clock is changed makes no schedule too frequent.
        if (expression.GetNextOccurrence(SampleStart) is not { } previous)
        {
            return new ScheduleFault(BackupsReasons.ScheduleNeverFires, $"{field}: \"{text}\" names no day that exists. Correct day and month.");
        }

        for (var sample = 0; sample < Sampled && expression.GetNextOccurrence(previous) is { } next; sample++)
        {
            if (next - previous < least)
            {
                return new ScheduleFault(BackupsReasons.ScheduleTooOften, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{field}: \"{text}\" has ticks {(next - previous).TotalMinutes:0} minutes apart. Leave at least {least.TotalMinutes:0} minutes between two."));
            }

            previous = next;
        }

        return null;
    }
}

/// <summary>Why a schedule cannot be followed.</summary>
/// <param name="Reason">Of <see cref="BackupsReasons"/>.</param>
/// <param name="Message">The field and the remedy.</param>
internal sealed record ScheduleFault(string Reason, string Message);
