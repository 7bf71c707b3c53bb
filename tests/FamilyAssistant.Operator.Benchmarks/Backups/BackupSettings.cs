using System.Globalization;

namespace FamilyAssistant.Operator.Benchmarks.Backups;

/// <summary>What is measured, from environment variables: <c>make bench-backup SIZE=4096 RUNS=7</c>.</summary>
internal sealed record BackupSettings
{
    /// <summary><c>SIZE</c>: MiB of data in the database, 16 to 100000. Default 1100, a little more than one GiB.</summary>
    public required int Mebibytes { get; init; }

    /// <summary><c>RUNS</c>: rounds, each of which does everything once, 1 to 100. Default 3.</summary>
    public required int Runs { get; init; }

    /// <summary>Reads the variables; <see cref="FormatException"/> names the one that is wrong.</summary>
    public static BackupSettings Read(Func<string, string?> variable)
    {
        return new BackupSettings { Mebibytes = Number("SIZE", 1100, 16, 100_000), Runs = Number("RUNS", 3, 1, 100) };

        int Number(string name, int otherwise, int least, int most) => variable(name) is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new FormatException($"{name} must be a number from {least} to {most}.");
    }
}
