using System.Globalization;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Stages of a backup. Each stands for one Job: <c>Making</c>, and after a lost pod <c>Making2</c>; so with <c>Verifying</c>. Pure.</summary>
/// <param name="Work"><see cref="Making"/> or <see cref="Verifying"/>.</param>
/// <param name="Attempt">From 1 to <see cref="MostAttempts"/>.</param>
internal sealed record BackupStages(string Work, int Attempt)
{
    /// <summary>The set is made and read again.</summary>
    public const string Making = "Making";

    /// <summary>The set is restored into a PostgreSQL made for it.</summary>
    public const string Verifying = "Verifying";

    /// <summary>Jobs for the same work.</summary>
    public const int MostAttempts = 3;

    /// <summary>The word in the status.</summary>
    public string Word => Attempt == 1 ? Work : string.Create(CultureInfo.InvariantCulture, $"{Work}{Attempt}");

    /// <summary>The end of the Job's name.</summary>
    public string JobSuffix => string.Create(CultureInfo.InvariantCulture, $"{(Work == Making ? "make" : "verify")}-{Attempt}");

    /// <summary>The stage after a lost pod; null: there have been enough.</summary>
    public BackupStages? Again => Attempt < MostAttempts ? this with { Attempt = Attempt + 1 } : null;

    /// <summary>Reads the word.</summary>
    public static BackupStages Of(string stage)
    {
        var work = stage.StartsWith(Verifying, StringComparison.Ordinal) ? Verifying : Making;
        return new BackupStages(work, int.TryParse(stage.AsSpan(Math.Min(work.Length, stage.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : 1);
    }
}
